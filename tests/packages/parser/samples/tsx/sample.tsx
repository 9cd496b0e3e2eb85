import React from "react";

/** Shows a number. */
export function Badge({ count }: { count: number }) {
  if (count === 0) {
    return null;
  }
  return <Label>{count > 9 ? "many" : String(count)}</Label>;
}

const Label = (props: { children: React.ReactNode }) => <span>{props.children}</span>;
