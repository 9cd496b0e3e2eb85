local path = require("path")

-- Says how a number looks.
local function classify(number, flag)
  if number > 10 and flag then
    for index = 1, number do
      if index == 3 then
        print(index)
      end
    end
  elseif number < 0 then
    return "negative"
  else
    return path.join("a", "b")
  end
  return "other"
end

-- Adds an item.
function Shelf:add(item, ...)
  self.items[#self.items + 1] = item
end

local double = function(x) return x * 2 end
