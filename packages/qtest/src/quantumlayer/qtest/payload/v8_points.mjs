// Which points of the project's sources have run since that was last asked, by V8's own count.
import { fileURLToPath } from 'node:url';
import { inlineMap, segments, sourcesOf, starts } from './v8_lines.mjs';
import { isOwn, profiling } from './v8_taking.mjs';

// points: path → [line from 1, column from 0, number] of each, in order. Without a map the code is
// the source; with one, a point is where the piece of code begins that it stands in.
export function placesOf(path, code, points, map = inlineMap(code)) {
  const rows = starts(code);
  if (!map?.mappings) {
    return (points[path] ?? []).map(([line, column, number]) => [rows[line - 1] + column, number]);
  }
  const lines = new Map(); // `source:line` → [column of the source, offset in the code, where the next piece begins]
  let last;
  for (const [row, column, source, line, place] of segments(map.mappings)) {
    if (rows[row] === undefined) continue;
    const offset = rows[row] + column;
    if (last?.row === row) last.piece[2] = offset;
    const key = `${source}:${line + 1}`;
    if (!lines.has(key)) lines.set(key, []);
    last = { row, piece: [place, offset, rows[row + 1] ?? code.length] };
    lines.get(key).push(last.piece);
  }
  const found = [];
  for (const [source, file] of sourcesOf(path, map).entries()) {
    for (const [line, column, number] of points[file] ?? []) {
      const near = lines.get(`${source}:${line}`) ?? [];
      const before = near.filter(([place]) => place <= column).map(([place]) => place);
      const wanted = before.length ? Math.max(...before) : Math.min(...near.map(([place]) => place));
      // What is made around a piece may be led back to it as well: the first is the piece itself.
      const piece = near.find(([place]) => place === wanted);
      if (!piece) continue;
      const [place, offset, next] = piece;
      // What is not told of is as far into its piece as it was in the source, where that is so long.
      found.push([offset + Math.max(0, Math.min(column - place, next - offset - 1)), number]);
    }
  }
  return found.sort(([one], [other]) => one - other);
}

// What ran of a script, of which only what has run since is told: functions from the outside in.
export function ranOf(functions, offsets) {
  const seen = new Uint8Array(offsets.length);
  for (const { ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges) {
      for (let n = first(offsets, startOffset); n < offsets.length && offsets[n][0] < endOffset; n += 1) {
        seen[n] = count > 0 ? 1 : 0;
      }
    }
  }
  return offsets.filter((_, n) => seen[n]).map(([, number]) => number);
}

function first(offsets, least) {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle][0] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Counts from now on; each call gives the numbers of the points that have run since the last one.
export function watchingPoints(points) {
  const ask = profiling();
  const known = new Map();
  ask('Debugger.enable');
  ask('Debugger.setSkipAllPauses', { skip: true });
  const offsetsOf = (scriptId, url) => {
    if (!known.has(scriptId)) {
      const { scriptSource = '' } = ask('Debugger.getScriptSource', { scriptId });
      const path = url.startsWith('file:') ? fileURLToPath(url) : url;
      known.set(scriptId, placesOf(path, scriptSource, points));
    }
    return known.get(scriptId);
  };
  return () => {
    const { result = [] } = ask('Profiler.takePreciseCoverage');
    const numbers = new Set();
    for (const { scriptId, url, functions } of result) {
      if (!isOwn(url)) continue;
      for (const number of ranOf(functions, offsetsOf(scriptId, url))) numbers.add(number);
    }
    return [...numbers];
  };
}
