defmodule Library.Shelf do
  alias Library.Item
  import Enum, only: [map: 2]
  use GenServer

  # Says how a number looks.
  def classify(number, flag \\ false) do
    if number > 10 and flag do
      for index <- 0..number do
        if index == 3 do
          IO.puts(index)
        end
      end
    else
      Path.join("a", "b")
    end
  end

  defp add(item) when item > 0 do
    case item do
      1 -> push(item)
      _ -> Enum.each([item], fn one -> push(one) end)
    end
  end
end
