// Loaded into every process of Playwright's before anything of the project, with `--import`.
//
// Workers load the project's configuration as the first process does, and have to come to the same.
// The first one alone has a line out: its key is read before the configuration could read it.
import { writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { adjusted, launching } from './playwright_settings.mjs';
import { openRecords } from './records.mjs';
import { judgingFiles, project } from './tampering.mjs';

const plan = JSON.parse(process.env.QL_PLAYWRIGHT);
const speaks = isMainThread && 'SANDBOX_REPORT_FD' in process.env;

export const emit = speaks ? openRecords() : undefined;
export const led = { times: 0 };
export const known = speaks ? judgingFiles(project) : new Map();

if (speaks) {
  emit('opened');
  writeFileSync(plan.written, configuration());
}

// Beside the project's own and of its kind, so that paths, types and modules mean what they meant.
function configuration() {
  const settle = "globalThis[Symbol.for('quantumlayer.playwright')]";
  if (!plan.config) {
    const theirs = JSON.stringify({ default: { testDir: plan.folder || '.' } });
    return `import { chromium } from '${plan.package}';\nexport default ${settle}(${theirs}, chromium);\n`;
  }
  if (plan.config.endsWith('.cjs')) {
    return `module.exports = ${settle}(require('./${plan.config}'), require('${plan.package}').chromium);\n`;
  }
  return `import * as theirs from './${plan.config}';\nimport { chromium } from '${plan.package}';\n`
    + `export default ${settle}(theirs, chromium);\n`;
}

globalThis[Symbol.for('quantumlayer.playwright')] = (theirs, chromium) => {
  launching(chromium, plan.program);
  const { config, facts } = adjusted(theirs, plan);
  if (speaks) facts.ports.forEach(lead);
  return config;
};

// A port of this sandbox that leads to the application.
function lead(port) {
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer({ allowHalfOpen: true }, (here) => {
      led.times += 1;
      const there = connect({ path: plan.door, allowHalfOpen: true });
      for (const [one, other] of [[here, there], [there, here]]) {
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
        one.pipe(other);
      }
    });
    server.on('error', () => {}).listen(port, host).unref();
  }
}
