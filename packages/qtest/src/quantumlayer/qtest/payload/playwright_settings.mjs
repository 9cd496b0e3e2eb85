// What a project's Playwright configuration becomes where its application is started already: the
// same tests, in the browser of this machine, asking the application as it is delivered.
const REPORTER = new URL('./playwright_reporter.mjs', import.meta.url).pathname;
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;
const FIRST_PORT = 1024; // those below belong to root
// A busy machine is no fault of an application: whoever waits, waits for at least as long.
const LEAST = { test: 60_000, expect: 15_000, act: 15_000 };
const MOST_FAILURES = 10; // enough to know, where each waits until its time is over
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

// Every Chromium that a configuration or a test starts is the one that is here.
export function launching(chromium, program) {
  for (const [name, place] of [['launch', 0], ['launchPersistentContext', 1]]) {
    const launch = chromium[name].bind(chromium);
    chromium[name] = (...words) => {
      const { channel, ...asked } = words[place] ?? {};
      words[place] = { ...asked, headless: true, executablePath: program,
        args: [...(asked.args ?? []), ...ARGUMENTS] };
      return launch(...words);
    };
  }
}

export function adjusted(module, plan) {
  const theirs = 'default' in module ? module.default : module;
  const servers = [theirs.webServer ?? []].flat();
  const facts = { ports: [], foreign: [], leftOut: [], servers: servers.map(started),
    setups: [theirs.globalSetup ?? []].flat(), plugins: theirs['@playwright/test']?.plugins ?? [] };
  const at = (address) => reached(address, plan, facts);
  const first = servers.find((one) => one.url || one.port);
  const promised = servers.map((one) => one.url ?? (one.port && `http://localhost:${one.port}`)).filter(Boolean).map(at);
  const base = first?.port && !first.url ? promised[0] : undefined;
  const { shard, projects, ...kept } = theirs;
  const config = {
    ...kept, ...patient(theirs),
    webServer: undefined, reporter: [[REPORTER, facts]], forbidOnly: true, retries: 0, workers: 1,
    maxFailures: MOST_FAILURES, globalTimeout: 0, repeatEach: 1, quiet: false, updateSnapshots: 'none',
    use: { baseURL: base ?? promised[0] ?? at(`http://127.0.0.1:${plan.port}`), ...used(theirs.use, at) },
    ...chosen(theirs, at, facts),
  };
  return { config, facts: { ...facts, ports: [...new Set([...facts.ports, plan.port])] } };
}

const started = ({ command, env }) => ({ command: String(command ?? ''), variables: Object.keys(env ?? {}) });

// Where an address of the project's leads here; that of others is asked of the application, too.
function reached(address, plan, facts) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) return address;
  const own = LOOPBACK.test(url.hostname);
  if (!own || url.protocol !== 'http:') facts.foreign.push(url.origin);
  const port = Number(url.port);
  url.protocol = 'http:';
  url.port = own && port >= FIRST_PORT ? port : plan.port;
  if (!own || url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  facts.ports.push(Number(url.port));
  return url.href;
}

function used(use, at) {
  const { channel, connectOptions, proxy, baseURL, ...kept } = use ?? {};
  return {
    ...kept, ...(baseURL ? { baseURL: at(baseURL) } : {}), ...waiting(kept),
    headless: true, video: 'off', trace: 'off', screenshot: 'only-on-failure',
  };
}

function waiting(use) {
  const names = ['actionTimeout', 'navigationTimeout'].filter((name) => use[name]);
  return Object.fromEntries(names.map((name) => [name, Math.max(use[name], LEAST.act)]));
}

function patient({ timeout, expect }) {
  const enough = (given, least) => (given === 0 ? 0 : Math.max(given ?? 0, least));
  return {
    timeout: enough(timeout, LEAST.test),
    expect: { ...expect, timeout: enough(expect?.timeout, LEAST.expect) },
  };
}

// The projects that Chromium runs: no other browser is here.
function chosen({ use, projects }, at, facts) {
  const browser = (own) => own?.browserName ?? own?.defaultBrowserType ?? use?.browserName
    ?? use?.defaultBrowserType ?? 'chromium';
  const all = projects ?? [{ use }];
  const left = all.filter((one) => browser(one.use) !== 'chromium');
  facts.leftOut.push(...new Set(left.map((one) => browser(one.use))));
  if (!projects && !left.length) return {};
  return {
    projects: all.filter((one) => !left.includes(one)).map(({ retries, workers, ...one }) => ({
      ...one,
      ...(one.timeout || one.expect ? patient(one) : {}),
      use: used(one.use, at),
    })),
  };
}
