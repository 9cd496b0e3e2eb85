// From what V8 counted of a script to the lines of the source that it was made from.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));
const INLINE = /^\/\/[#@] ?sourceMappingURL=data:application\/json[^,\n]*;base64,([\w+/=]+)\s*$/gm;
const BLANK = /^\s*(\/\/.*|\/?\*.*|[\s{}()[\];,]*)$/;

// Whether each character ran: functions come from the outside in, and so do blocks in them.
function painted(length, functions) {
  const ran = new Uint8Array(length).fill(1);
  for (const { ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges) {
      ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    }
  }
  return ran;
}

export function starts(text) {
  const found = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) found.push(at + 1);
  return found;
}

export function inlineMap(code) {
  const found = [...code.matchAll(INLINE)].at(-1);
  return found ? JSON.parse(Buffer.from(found[1], 'base64').toString('utf8')) : null;
}

// The segments of a map: [line, column, source, line and column of the source], all from 0.
export function* segments(mappings) {
  let [source, line, place] = [0, 0, 0];
  for (const [row, text] of mappings.split(';').entries()) {
    let column = 0;
    for (const segment of text.split(',')) {
      const fields = [];
      let [value, shift] = [0, 0];
      for (const digit of segment) {
        const bits = VALUES.get(digit) ?? 0;
        value += (bits & 31) << shift;
        if (bits & 32) {
          shift += 5;
        } else {
          fields.push(value & 1 ? -(value >>> 1) : value >>> 1);
          [value, shift] = [0, 0];
        }
      }
      if (!fields.length) continue;
      column += fields[0];
      if (fields.length < 4) continue;
      source += fields[1];
      line += fields[2];
      place += fields[3];
      yield [row, column, source, line, place];
    }
  }
}

// The files that a map leads to, by their numbers in it.
export function sourcesOf(path, map) {
  const folder = resolve(dirname(path), map.sourceRoot ?? '');
  return map.sources.map((name) => {
    if (name === null) return path;
    return name.startsWith('file:') ? fileURLToPath(name) : resolve(folder, name);
  });
}

// path → Map of line (from 1) → whether any of it ran. Without a map the code is the source.
export function linesOf(url, code, functions, map = inlineMap(code)) {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const ran = painted(code.length, functions);
  const lines = starts(code);
  const found = new Map();
  const mark = (file, line, seen) => {
    const known = found.get(file) ?? new Map();
    known.set(line, Boolean(known.get(line)) || seen);
    found.set(file, known);
  };
  if (!map?.mappings) {
    for (const [row, text] of code.split('\n').entries()) {
      if (!BLANK.test(text)) mark(path, row + 1, ran[lines[row] + text.search(/\S/)] === 1);
    }
    return found;
  }
  const files = sourcesOf(path, map);
  const texts = (map.sourcesContent ?? []).map((text) => text?.split('\n'));
  for (const [row, column, source, line] of segments(map.mappings)) {
    const text = texts[source]?.[line];
    if (lines[row] === undefined || (text !== undefined && BLANK.test(text))) continue;
    mark(files[source] ?? path, line + 1, ran[lines[row] + column] === 1);
  }
  return found;
}

// Lines of many scripts together: what one of them ran has run.
export class Lines {
  constructor(folder, leftOut = /\/node_modules\//) {
    this.prefix = `${folder}/`;
    this.leftOut = leftOut;
    this.files = new Map();
  }

  add(found) {
    for (const [path, lines] of found) {
      if (!path.startsWith(this.prefix) || this.leftOut.test(path)) continue;
      const known = this.files.get(path) ?? new Map();
      for (const [line, seen] of lines) known.set(line, Boolean(known.get(line)) || Boolean(seen));
      this.files.set(path, known);
    }
  }

  emit(say) {
    for (const [path, lines] of this.files) {
      const missing = [...lines].filter(([, seen]) => !seen).map(([line]) => line);
      say('file_coverage', {
        path, statements: lines.size, covered: lines.size - missing.length, branches: 0,
        covered_branches: 0, missing: missing.sort((one, other) => one - other),
      });
    }
  }
}
