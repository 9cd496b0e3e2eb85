// The reporter of jest while changes are tried, in jest's main process: it tells over a line of its
// own how each test ended. Which points ran jest knows for a file of tests as a whole.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { mapOf, unwrapped } from './jest_code.mjs';
import { openLine } from './line_out.mjs';
import { placesOf, ranOf } from './v8_points.mjs';

const say = await openLine(process.env.QL_NODE_WITNESS);
delete process.env.QL_NODE_WITNESS;
const points = JSON.parse(readFileSync(process.env.QL_POINTS, 'utf8'));

function ranIn(coverage) {
  const found = new Set();
  for (const { codeTransformResult: made, result } of coverage ?? []) {
    if (!made?.code) continue;
    const path = result.url.replace(/^file:\/\//, '');
    const places = placesOf(path, made.code, points, mapOf(made));
    for (const number of ranOf(unwrapped(result.functions, made.wrapperLength), places)) found.add(number);
  }
  return [...found];
}

export default class Reporter {
  onTestResult(_test, { testFilePath: path, testResults, v8Coverage }) {
    const ran = ranIn(v8Coverage);
    for (const { fullName: name, status, duration } of testResults) {
      const outcome = { passed: 'passed', failed: 'failed' }[status] ?? 'skipped';
      say({ result: { name, path, outcome, duration: (duration ?? 0) / 1000, ran } });
    }
  }

  onRunComplete() {
    say({ finished: true });
  }
}
