// Loaded into every test file's process before the file itself, and into nothing that it starts.
//
// Node counts a file that calls process.exit(0) halfway as passed; here it is a failure until the
// file's tests have finished. Results go to the runner on a line of their own: what a test makes of
// process.stdout does not touch them. At the end the process says, over a socket and with a secret
// that it got before any code of the project ran, how many results it has sent. The assertions of
// node:assert and the functions of node:test cannot be replaced.
import { createRequire } from 'node:module';
import process from 'node:process';
import { lockAssertions, locked, openLine, writeAll } from './line_out.mjs';
import { preload } from './preloading.mjs';

const address = process.env.QL_NODE_WITNESS;
const wanted = JSON.parse(process.env.QL_PRELOAD ?? '[]');
delete process.env.QL_NODE_WITNESS;
delete process.env.QL_PRELOAD;

if (address && process.env.NODE_TEST_CONTEXT) {
  const require = createRequire(import.meta.url);
  const { Writable } = require('node:stream');
  const { deserialize } = require('node:v8');
  const HEADER_BYTES = 6; // two of a mark, four of the length
  const say = await openLine(address);

  const sent = { passed: 0, failed: 0 };
  let messages = 0;
  const line = new Writable({
    write(chunk, _encoding, done) {
      messages += 1;
      try {
        const { type } = deserialize(chunk.subarray(HEADER_BYTES));
        if (type === 'test:pass') sent.passed += 1;
        if (type === 'test:fail') sent.failed += 1;
      } catch {
        // Not a result.
      }
      writeAll(1, chunk);
      done();
    },
  });
  const stdout = Object.getOwnPropertyDescriptor(process, 'stdout');
  Object.defineProperty(process, 'stdout', { configurable: true, get: () => line });
  const runner = require('node:test');
  const { after } = runner;
  const cwd = process.cwd();
  const leave = process.reallyExit.bind(process);
  const { stderr } = process;
  const write = stderr.write.bind(stderr);
  let finished = false;

  const testify = () => {
    const known = messages ? sent : null; // null: this Node keeps its results elsewhere
    say({ finished, sent: known });
  };
  process.on('exit', testify);

  // Where the project left: the first place that is neither Node's own nor here.
  const caller = () => {
    const places = (new Error().stack ?? '').split('\n').slice(1);
    const place = places.find((one) => !one.includes('node:') && !one.includes(import.meta.url));
    const found = place?.match(/(?:file:\/\/)?(\/[^()]+:\d+):\d+\)?$/);
    return found ? ` at ${found[1].replace(`${cwd}/`, '')}` : '';
  };

  process.reallyExit = (code) => {
    if (finished) leave(code);
    write(`The test process called exit${caller()} before its tests had finished.\n`);
    leave(70);
  };

  // Node reports what is thrown outside of a test as a bare failure of the file.
  process.on('uncaughtExceptionMonitor', (error) => write(`${error?.stack ?? error}\n`));

  after(() => {
    finished = true;
    // A hook that ends the process for want of a better way may do so, once the results are out.
    process.exit = (code) => {
      if (code !== undefined) process.exitCode = code;
      setTimeout(() => {
        process.emit('exit', process.exitCode ?? 0);
        leave(process.exitCode ?? 0);
      }, 50);
    };
  });
  Object.defineProperty(process, 'stdout', stdout);

  lockAssertions();
  locked(runner);
  await preload(wanted);
}
