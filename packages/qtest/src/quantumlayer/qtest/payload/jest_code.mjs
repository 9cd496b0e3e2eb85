// The code that jest runs in place of a source, and what V8 counted of it.
import { readFileSync } from 'node:fs';
import { inlineMap } from './v8_lines.mjs';

export function mapOf({ code, sourceMapPath }) {
  try {
    return JSON.parse(readFileSync(sourceMapPath, 'utf8'));
  } catch {
    return inlineMap(code);
  }
}

// jest runs a module inside of a function of its own, whose head is counted too.
export function unwrapped(functions, head = 0) {
  const less = (offset) => Math.max(0, offset - head);
  return functions.map(({ ranges }) => ({
    ranges: ranges.map(({ startOffset, endOffset, count }) => (
      { startOffset: less(startOffset), endOffset: less(endOffset), count })),
  }));
}
