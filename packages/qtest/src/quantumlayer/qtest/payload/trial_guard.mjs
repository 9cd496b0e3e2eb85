// Loaded into a test program's process before any code of the project, and into nothing that it
// starts: says over a line of its own, with a secret, how each test ended, that all have, and where
// that is asked for which points of the sources each test ran.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { lockAssertions, openLine } from './line_out.mjs';
import { hearMocha } from './mocha_guard.mjs';
import { hearNode } from './node_trial.mjs';
import { hearScript } from './plain_guard.mjs';
import { preload } from './preloading.mjs';
import { hearTape } from './tape_guard.mjs';
import { watchingPoints } from './v8_points.mjs';

const { QL_NODE_WITNESS: address, QL_RUNNER: runner, QL_POINTS: points } = process.env;
const wanted = JSON.parse(process.env.QL_PRELOAD ?? '[]');
for (const name of ['QL_NODE_WITNESS', 'QL_RUNNER', 'QL_POINTS', 'QL_PRELOAD']) delete process.env[name];

if (address) {
  const say = await openLine(address);
  const require = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
  const take = points ? watchingPoints(JSON.parse(readFileSync(points, 'utf8'))) : () => [];
  const told = (said) => say(said.test ? { test: { ...said.test, ran: take() } } : said);
  const hear = { 'node:test': hearNode, mocha: hearMocha, tape: hearTape, script: hearScript }[runner];
  hear(told, require, () => say({ loaded: take() }), take);
  if (runner === 'script') process.on('exit', () => say({ ran: take() }));
  lockAssertions();
  await preload(wanted);
}
