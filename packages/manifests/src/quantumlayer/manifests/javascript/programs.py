"""Programs that scripts of packages name: what they stand for when tests are looked for."""

MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
# Programs that run another one, whose words stand behind their own.
WRAPPERS = frozenset({
    "c8", "nyc", "istanbul", "cross-env", "cross-env-shell", "env", "npx", "pnpx", "bunx", "exec",
    "dotenv", "time", "timeout", "xvfb-run", "dlx", "x", "sh", "bash", "nodemon", "env-cmd",
})  # fmt: skip
SEVERAL = frozenset({"run-s", "run-p", "npm-run-all", "npm-run-all2", "concurrently", "wireit"})
RUN_ALL = frozenset({"lerna", "turbo", "nx", "wsrun", "ultra"})
# Test runners, supported here or not, and builders that hide one.
TEST_PROGRAMS = frozenset({
    "vitest", "jest", "mocha", "_mocha", "tape", "tap", "ava", "jasmine", "uvu", "qunit", "karma",
    "playwright", "cypress", "lab", "vows", "nodeunit", "wtr", "web-test-runner", "borp", "tapzero",
    "react-scripts", "ng", "zora", "pta", "best", "japa", "poku", "twd", "testem", "nightwatch",
    "wdio", "cucumber-js", "bun", "deno", "electron-mocha", "ts-mocha", "mochify", "airtap", "tep",
    "gulp", "grunt", "make", "hereby", "jake", "tsx", "ts-node", "expresso", "whiskey", "buster",
    "mocha-parallel-tests", "xo-test", "tap-run", "brittle", "brittle-node", "faucet", "jsdoc-test",
})  # fmt: skip
KNOWN_PROGRAMS = TEST_PROGRAMS | MANAGERS | WRAPPERS | SEVERAL | RUN_ALL | {"node"}
