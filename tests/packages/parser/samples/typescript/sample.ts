import { join } from "node:path";

/** Something with a name. */
interface Named {
  name: string;
  rename(to: string): void;
}

type Item = Named | number;

enum Size {
  Small,
  Large,
}

/** Says how a number looks. */
export function classify(number: number, flag: boolean = false): string {
  if (number > 10 && flag) {
    for (let index = 0; index < number; index++) {
      if (index === 3) {
        console.log(index);
      }
    }
  } else if (number < 0) {
    return "negative";
  } else {
    return join("a", "b");
  }
  return "other";
}

export class Shelf implements Named {
  name = "";
  // Adds an item.
  add(item: Item, ...rest: Item[]): void {
    const first = rest.length > 0 ? rest[0] : item;
    this.rename(String(first));
  }
  rename = (to: string) => {
    this.name = to;
  };
}
