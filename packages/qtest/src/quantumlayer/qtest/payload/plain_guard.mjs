// A test program without a runner proves something when it comes to its own end with status 0.
import { createRequire } from 'node:module';
import process from 'node:process';
import { calledByNode } from './line_out.mjs';

const OURS = /\/(plain_guard|script_guard)\.mjs/;

export function hearScript(say) {
  const assert = createRequire(import.meta.url)('node:assert');
  const main = process.argv[1];
  const { exit } = process;
  const leave = process.reallyExit.bind(process);
  let asserted = 0;
  let natural = false;
  let told = false;
  const counted = (owner) => {
    for (const [name, check] of Object.entries(owner)) {
      if (typeof check !== 'function' || /^[A-Z]|^strict$/.test(name)) continue;
      owner[name] = (...given) => {
        const found = Reflect.apply(check, owner, given);
        asserted += 1;
        return found;
      };
    }
  };
  counted(assert);
  counted(assert.strict);

  const close = (proof) => {
    if (told) return;
    told = true;
    say({ finished: true, proof });
  };
  process.on('beforeExit', () => { natural ||= calledByNode(); });
  process.on('uncaughtExceptionMonitor', (error) => {
    say({ problem: `It threw: ${String(error?.message ?? error).slice(0, 2000)}` });
  });
  process.on('exit', () => { if (natural) close(true); });
  // Its own last word may be an exit; that of what it tests may not.
  process.exit = (code) => {
    const frames = String(new Error().stack).split('\n').slice(1).filter((line) => !OURS.test(line));
    if (!natural && frames[0]?.includes(main)) close(asserted > 0);
    return Reflect.apply(exit, process, code === undefined ? [] : [code]);
  };
  process.reallyExit = (code) => leave(code);
}
