"""A small page with browser tests of its own, and changes to it: each with what is made of it.

A change is the files that differ, `None` for those that are taken away.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from quantumlayer.qtest.delivered import BrowserTests

Files = Mapping[str, str | None]
PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shelf</title></head><body>
<h1>Shelf</h1>
<form><label>Title <input></label><button>Add</button></form>
<ul></ul><button type="button">Clear</button>
<script src="/shelf.js"></script></body></html>
"""
SCRIPT = """\
const list = document.querySelector('ul');
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const item = document.createElement('li');
  item.textContent = document.querySelector('input').value;
  list.append(item);
});
document.querySelector('[type=button]').addEventListener('click', () => list.replaceChildren());
"""
DEAD = SCRIPT.replace("() => list.replaceChildren()", "() => list.hidden")
SITE = {"/": PAGE, "/shelf.js": SCRIPT}
PACKAGE = {"name": "shelf", "private": True, "type": "module",
           "devDependencies": {"@playwright/test": "1.65.1"}}  # fmt: skip
COMMON = json.dumps({**PACKAGE, "type": "commonjs"})
CONFIG = """\
import { defineConfig, devices } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/browser',
  use: { baseURL: 'http://127.0.0.1:4173' },
  webServer: { command: 'npm start', env: { PORT: '4173' }, url: 'http://127.0.0.1:4173/' },
});
"""
ADDS = """\
import { expect, test } from '@playwright/test';

test('R1 a title that is added is shown', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('Title').fill('Emma');
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('listitem')).toHaveText(['Emma']);
});
"""
CLEARS = """\
test.describe('clearing', () => {
  test('R2 leaves nothing', async ({ page }) => {
    await page.goto('/');
    await page.getByLabel('Title').fill('Emma');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await page.getByRole('listitem').count()).toBe(0);
  });
});
"""
SPEC = "tests/browser/shelf.spec.ts"
PROJECT = {
    "package.json": json.dumps(PACKAGE), "playwright.config.ts": CONFIG, SPEC: ADDS + CLEARS,
}  # fmt: skip
INLINE = PAGE.replace('<script src="/shelf.js">', f"<script>{SCRIPT}").replace("\n", " ")
LAST = "  expect(await page.getByRole('listitem').count()).toBe(0);\n"


@dataclass(frozen=True)
class Case:
    """A project: `files` differ from the sound one, `script` is what its page runs.

    `told` has to be in the reason, or in what is said beside where it holds.
    """

    told: str
    files: Files = field(default_factory=dict)
    script: str = SCRIPT
    tests: BrowserTests = field(default_factory=lambda: BrowserTests(
        config="playwright.config.ts", folder="tests/browser", asked=True
    ))  # fmt: skip


def configured(before: str, after: str, text: str = CONFIG) -> str:
    """A configuration in which a text that stands once is another."""
    assert text.count(before) == 1, before
    return text.replace(before, after)


def settings(more: str) -> dict[str, str]:
    """The configuration with more in it."""
    return {"playwright.config.ts": configured("  testDir", f"{more}\n  testDir")}


def elsewhere(path: str, text: str = CONFIG, package: str = json.dumps(PACKAGE)) -> Case:
    """The sound project with its configuration at another place, in another kind of module."""
    files: Files = {"playwright.config.ts": None, path: text, "package.json": package}
    return Case("2 passed", files, tests=BrowserTests(config=path, folder="tests/browser"))


REQUIRED = """\
const { defineConfig } = require('@playwright/test');
module.exports = defineConfig({
  testDir: 'tests/browser', use: { baseURL: 'http://localhost:80' },
});
"""
BROWSERS = """\
  projects: [
    { name: 'chromium', use: { ...devices['Desktop Chrome'], channel: 'chrome' } },
    { name: 'firefox', use: { ...devices['Desktop Firefox'] } },
    { name: 'webkit', use: { ...devices['Desktop Safari'] } },
    { name: 'phone', use: { ...devices['Pixel 5'] } },
  ],"""
SIGNED_IN = """\
import { chromium } from '@playwright/test';

export default async () => {
  const browser = await chromium.launch({ channel: 'chrome' });
  const page = await browser.newPage();
  await page.goto('http://127.0.0.1:4173/');
  await page.context().storageState({ path: 'state.json' });
  await browser.close();
};
"""
OWN_SERVER = """\
test('asks a server of its own', async ({ request }) => {
  const { createServer } = await import('node:http');
  const server = createServer((_, answer) => answer.end('here')).listen(5999);
  expect(await (await request.get('http://127.0.0.1:5999/')).text()).toBe('here');
  server.close();
});
"""
HELD = {
    "as it is": Case("2 passed"),
    "a test is skipped": Case("1 passed, 1 skipped\nskipped: clearing > R2 leaves nothing",
                              {SPEC: ADDS + CLEARS.replace("  test('", "  test.fixme('")}),
    "a test is expected to fail": Case("1 passed, 1 xfailed", {
        SPEC: ADDS + CLEARS.replace("  test('", "  test.fail('").replace("toBe(0)", "toBe(9)"),
    }),
    "a configuration that is required": elsewhere("playwright.config.js", REQUIRED, COMMON),
    "a configuration of the older kind": elsewhere("playwright.config.cjs", REQUIRED),
    "a configuration of the newer kind": elsewhere("playwright.config.mts", CONFIG, COMMON),
    "a typed one in an older package": elsewhere("playwright.config.ts", CONFIG, COMMON),
    "a configuration beside the tests": elsewhere(
        "end/playwright.config.ts", configured("'tests/browser'", "'../tests/browser'")
    ),
    "no configuration": Case("2 passed", {"playwright.config.ts": None, SPEC: (ADDS + CLEARS)},
                             tests=BrowserTests(folder="tests/browser", asked=True)),
    "browsers that are not here": Case(
        "4 passed\nnot run, for browsers that are not here: firefox, webkit", settings(BROWSERS)
    ),
    "a port instead of an address": Case("2 passed", {"playwright.config.ts": configured(
        "use: { baseURL: 'http://127.0.0.1:4173' },", "",
        configured("url: 'http://127.0.0.1:4173/'", "port: 4173"))}),
    "addresses in the tests": Case("2 passed", {
        SPEC: (ADDS + CLEARS).replace("goto('/')", "goto('http://localhost:4173/')"),
    }),
    "an address of others": Case("2 passed", {"playwright.config.ts": configured(
        "baseURL: 'http://127.0.0.1:4173'", "baseURL: 'https://staging.example.com'")}),
    "a browser that is started before": Case("2 passed", {
        "prepare.ts": SIGNED_IN, **settings("  globalSetup: './prepare.ts',"),
    }),
    "options of its own": Case("2 passed", {
        SPEC: ADDS + "test.use({ launchOptions: { slowMo: 1 }, video: 'off' });\n" + CLEARS,
    }),
    "a server of its own": Case("3 passed", {SPEC: ADDS + CLEARS + OWN_SERVER}),
    "tests in turn": Case("2 passed", settings("  fullyParallel: true, workers: 4, shard: "
                                               "{ total: 2, current: 1 }, timeout: 1000,")),
}  # fmt: skip
FAILS = "`clearing > R2 leaves nothing` (tests/browser/shelf.spec.ts:15): expect(received).toBe"
BROKEN = {
    "a dead button": Case(FAILS, script=DEAD),
    "a dead button, asked for with other browsers": Case(
        "clearing > R2 leaves nothing [chromium]", settings(BROWSERS), DEAD
    ),
    "one test alone": Case("a test is focused with `.only`, which leaves all others out", {
        SPEC: ADDS.replace("test('", "test.only('") + CLEARS,
    }),
    "a test that cannot be read": Case("tests/browser/shelf.spec.ts", {SPEC: ADDS + "test('"}),
    "no test": Case("no browser test was found in tests/browser. Its stack asks for them.",
                    {SPEC: None}),
    "every test is skipped": Case(
        "None of the browser tests ran: all 2 of them are skipped. Its stack asks for them.",
        {SPEC: ADDS.replace("test('", "test.skip('") + CLEARS.replace("test('", "test.fixme('")},
    ),
    "a failure that is expected and does not come": Case(
        "It passes, and is marked as one that fails", {SPEC: ADDS.replace("test('", "test.fail('")}
    ),
    "a test that leaves": Case("R1 a title", {
        SPEC: ADDS.replace("  await page.goto", "  process.exit(0);\n  await page.goto") + CLEARS,
    }),
    "a test that is cut short": Case("R2 leaves nothing", {
        SPEC: ADDS + CLEARS.replace(LAST, "    await page.waitForURL('/a', { timeout: 99 });\n"),
    }),
    "a test that changes what is judged": Case("changed what they are judged by", {
        SPEC: "import { writeFileSync } from 'node:fs';\n" + ADDS
              + "test.afterAll(() => writeFileSync('playwright.config.ts', ''));\n",
    }),
}  # fmt: skip
UNKNOWN = {
    "a global setup": Case("has a global setup", {
        "prepare.ts": SIGNED_IN, **settings("  globalSetup: './prepare.ts',"),
    }, DEAD),
    "two servers": Case("they are written for 2 servers", {"playwright.config.ts": configured(
        "webServer: {", "webServer: [{ command: 'npm run api', url: 'http://localhost:4000' }, {",
        configured("4173/' }", "4173/' }]"))}, DEAD),
    "an address of others": Case("they are written for `https://staging.example.com`", {
        "playwright.config.ts": configured("baseURL: 'http://127.0.0.1:4173'",
                                           "baseURL: 'https://staging.example.com'"),
    }, DEAD),
    "a server that is seeded": Case("started by `npm run seed && npm start`", {
        "playwright.config.ts": configured("npm start", "npm run seed && npm start"),
    }, DEAD),
    "a server that is told more": Case("is given `WITH_BOOKS`", {
        "playwright.config.ts": configured("PORT: '4173'", "PORT: '4173', WITH_BOOKS: '1'"),
    }, DEAD),
    "tests of a page of their own": Case("without having asked the application for anything", {
        SPEC: (ADDS + CLEARS).replace("page.goto('/')", f"page.setContent(`{INLINE}`)"),
    }),
    "another browser": Case("for firefox alone, which this machine does not have",
                            settings("  projects: [{ use: devices['Desktop Firefox'] }],")),
    "a Playwright of old": Case("written for Playwright 1.40; 1.41 or later is supported", {
        "package.json": json.dumps(PACKAGE).replace("1.65.1", "1.40.1"),
    }),
    "no Playwright": Case("not among its packages", {"package.json": '{"name": "shelf"}'}),
    "another server": Case("it wants another server than the application", {
        SPEC: ADDS + CLEARS.replace("goto('/')", "goto('http://mail.example.com/')"),
    }),
    "a value of its own environment": Case("given nothing where it wants a value", {
        SPEC: ADDS.replace("fill('Emma')", "fill(process.env.TITLE!)"),
    }),
    "a program that is not here": Case("a browser or another program, which is not here", {
        SPEC: "import { execFileSync } from 'node:child_process';\n" + ADDS.replace(
            "  await page.goto", "  execFileSync('psql', ['--file', 'seed.sql']);\n"
            "  await page.goto"),
    }),
    "another server of this machine": Case("it wants another server than the application", {
        SPEC: ADDS + CLEARS.replace("goto('/')", "goto('http://localhost:8025/')"),
    }),
    "a picture of another machine": Case("it compares pictures", {
        SPEC: ADDS + CLEARS.replace(LAST, "    await expect(page).toHaveScreenshot();\n"),
    }),
    "a module that is built": Case("a module that is not there", {
        SPEC: "import { title } from '../../dist/it.js';\n" + ADDS.replace("'Emma'", "title"),
    }),
    "a configuration that wants more": Case("did not come to its end", {
        "playwright.config.ts": f"{CONFIG}\nif (!process.env.SECRET) throw new Error('no secret');",
    }),
    "leaving before it is begun": Case("did not come to its end", {SPEC: "process.exit(0);"}),
}  # fmt: skip
