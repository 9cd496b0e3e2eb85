require 'json'
require_relative "helpers"

module Library
  # Holds items.
  class Shelf < Base
    # Says how a number looks.
    def classify(number, flag: false)
      if number > 10 && flag
        while number > 0
          if number == 3
            puts(number)
          end
        end
      elsif number < 0
        return "negative"
      else
        return File.join("a", "b")
      end
      "other"
    end

    def add(item, *rest, &block)
      case item
      when 1
        @items.push(item)
      else
        rest.each { |one| @items.push(one) }
      end
    end

    def self.empty
      new
    end
  end
end
