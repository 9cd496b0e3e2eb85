import path from "node:path";
const fs = require("fs");

/** Says how a number looks. */
export function classify(number, flag = false) {
  if (number > 10 && flag) {
    for (let index = 0; index < number; index++) {
      if (index === 3) {
        console.log(index);
      }
    }
  } else if (number < 0) {
    return "negative";
  } else {
    return path.join("a", "b");
  }
  return "other";
}

// Holds items.
class Shelf extends Array {
  // Adds an item.
  add(item, ...rest) {
    switch (item) {
      case 1:
        this.push(item);
        break;
      default:
        rest.forEach((one) => this.push(one));
    }
  }
}

const double = (x) => x * 2;
