// The reporter of `vitest run` while changes are tried, in vitest's main process: it tells over a
// line of its own how each test ended, and which points it ran where the workers know that.
import process from 'node:process';
import { openLine } from './line_out.mjs';

const say = await openLine(process.env.QL_NODE_WITNESS);
delete process.env.QL_NODE_WITNESS;
const OUTCOMES = { passed: 'passed', pass: 'passed', failed: 'failed', fail: 'failed' };
const POINTS = Symbol.for('quantumlayer.points');

export default class Reporter {
  told = false;

  // vitest 3 and later.
  onTestRunEnd(modules, errors) {
    this.end(modules.map((module) => [module.moduleId, [...module.children.allTests()].map((test) => ({
      names: test.fullName, state: test.result().state, duration: test.diagnostic?.()?.duration,
    }))]), errors);
  }

  onFinished(files = [], errors = []) {
    const inside = (task, names) => (task.tasks
      ? task.tasks.flatMap((child) => inside(child, [...names, task.name]))
      : [{ names: [...names, task.name].join(' > '), duration: task.result?.duration,
        state: task.mode === 'run' ? task.result?.state : 'skipped' }]);
    this.end(files.map((file) => [file.filepath, file.tasks.flatMap((task) => inside(task, []))]), errors);
  }

  end(files, errors) {
    if (this.told) return;
    this.told = true;
    const taken = globalThis[POINTS] ?? [];
    const ran = new Map();
    for (const { tests } of taken) {
      for (const { name, path, ran: points } of tests) {
        const key = `${path}::${name}`;
        ran.set(key, [...(ran.get(key) ?? []), ...points]);
      }
    }
    say({ loaded: taken.flatMap(({ loaded }) => loaded) });
    for (const [path, tests] of files) {
      for (const { names, state, duration } of tests) {
        // What is thrown outside of the tests is noticed by whoever runs them.
        const outcome = errors?.length ? 'failed' : (OUTCOMES[state] ?? 'skipped');
        say({ result: { name: names, path, outcome, duration: (duration ?? 0) / 1000, ran: ran.get(`${path}::${names}`) ?? [] } });
      }
    }
    say({ finished: true });
  }
}
