module Library

using LinearAlgebra
import Base: show, length

"Holds items."
struct Shelf
    items::Vector{Int}
end

# Says how a number looks.
function classify(number::Int, flag=false; strict::Bool=true)
    if number > 10 && flag
        for index in 1:number
            if index == 3
                println(index)
            end
        end
    elseif number < 0
        return "negative"
    else
        return joinpath("a", "b")
    end
    "other"
end

double(x) = x * 2

end
