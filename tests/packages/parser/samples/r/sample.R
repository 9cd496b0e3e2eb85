library(stats)
require("utils")
source("helpers.R")

# Says how a number looks.
classify <- function(number, flag = FALSE) {
  if (number > 10 && flag) {
    for (index in 1:number) {
      if (index == 3) {
        print(index)
      }
    }
  } else if (number < 0) {
    return("negative")
  } else {
    return(paste("a", "b"))
  }
  "other"
}

double = function(x, ...) sapply(x, function(one) one * 2)
