// V8's own count of what runs in this process, from now on.
import inspector from 'node:inspector';
import { linesOf } from './v8_lines.mjs';

const OWN = /^(file:\/\/)?\//;
const NOT_OWN = /\/node_modules\/|\/opt\/quantumlayer\//;

export const isOwn = (url) => OWN.test(url) && !NOT_OWN.test(url);

// Answers come at once: the session is with this very thread.
export function profiling() {
  const session = new inspector.Session();
  session.connect();
  const ask = (method, parameters) => {
    let answer;
    session.post(method, parameters, (error, result) => { answer = error ? {} : result; });
    return answer ?? {};
  };
  ask('Profiler.enable');
  ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return ask;
}

export function counting() {
  const ask = profiling();
  // [path, [line, whether it ran][]] of each source.
  return () => {
    const { result = [] } = ask('Profiler.takePreciseCoverage');
    const taken = [];
    ask('Debugger.enable');
    for (const { scriptId, url, functions } of result) {
      if (!isOwn(url)) continue;
      const { scriptSource = '' } = ask('Debugger.getScriptSource', { scriptId });
      for (const [path, lines] of linesOf(url, scriptSource, functions)) taken.push([path, [...lines]]);
    }
    ask('Debugger.disable');
    return taken;
  };
}
