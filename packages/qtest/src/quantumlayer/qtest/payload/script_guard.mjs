// Loaded into the process of a test program before any code of the project, and into nothing that
// it starts: says over a line of its own, with a secret, how each test ended, and that all have.
import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { lockAssertions, openLine } from './line_out.mjs';
import { preload } from './preloading.mjs';
import { hearMocha } from './mocha_guard.mjs';
import { hearScript } from './plain_guard.mjs';
import { hearTape } from './tape_guard.mjs';
import { counting } from './v8_taking.mjs';

const address = process.env.QL_NODE_WITNESS;
const runner = process.env.QL_RUNNER;
const wanted = JSON.parse(process.env.QL_PRELOAD ?? '[]');
delete process.env.QL_NODE_WITNESS;
delete process.env.QL_RUNNER;
delete process.env.QL_PRELOAD;

if (address) {
  const say = await openLine(address);
  const require = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
  const hear = { mocha: hearMocha, tape: hearTape, script: hearScript }[runner];
  hear(say, require);
  const take = counting();
  process.on('exit', () => { say({ coverage: take() }); });
  lockAssertions();
  await preload(wanted);
}
