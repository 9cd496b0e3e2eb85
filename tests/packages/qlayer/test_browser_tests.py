"""Which browser tests a project brings is read from its own files."""

import json

import pytest

from quantumlayer.manifests import FilesInMemory
from quantumlayer.qlayer.browser_tests import browser_tests_of
from quantumlayer.qlayer.stacks import Stack, stack, stacks
from quantumlayer.qtest.delivered import BrowserTests

BROUGHT = json.dumps({"devDependencies": {"@playwright/test": "1.65.1"}})
PLAIN = json.dumps({"dependencies": {"hono": "4"}})
OF_PAGES = stack("web-page")
OF_SERVICES = stack("typescript-service")
FOLDER = OF_PAGES.tests.browser


def in_memory(files: dict[str, str]) -> FilesInMemory:
    return FilesInMemory({path: text.encode() for path, text in files.items()})


@pytest.mark.parametrize(
    ("files", "fit", "found"),
    [
        ({"package.json": BROUGHT, "playwright.config.ts": ""}, OF_PAGES,
         BrowserTests(config="playwright.config.ts", folder=FOLDER, asked=True)),
        ({"package.json": BROUGHT, "playwright.config.mjs": ""}, OF_SERVICES,
         BrowserTests(config="playwright.config.mjs")),
        ({"package.json": BROUGHT, "end/playwright.config.js": ""}, OF_SERVICES,
         BrowserTests(config="end/playwright.config.js")),
        ({"package.json": json.dumps({"workspaces": ["apps/*"]}), "apps/web/package.json": BROUGHT,
          "apps/web/end/playwright.config.ts": ""}, OF_SERVICES,
         BrowserTests(package="apps/web", config="end/playwright.config.ts")),
        ({"front/package.json": BROUGHT, "front/playwright.config.ts": ""}, OF_SERVICES,
         BrowserTests(package="front", config="playwright.config.ts")),
        ({"package.json": BROUGHT, "a/b/playwright.config.ts": "", "z/playwright.config.ts": ""},
         OF_SERVICES, BrowserTests(config="z/playwright.config.ts")),
        ({"package.json": BROUGHT}, OF_PAGES, BrowserTests(folder=FOLDER, asked=True)),
        ({"package.json": BROUGHT}, OF_SERVICES, None),
        ({"package.json": PLAIN, f"{FOLDER}/a.spec.ts": ""}, OF_PAGES, None),
        ({"package.json": PLAIN, "my-playwright.config.ts": ""}, OF_PAGES, None),
        ({"package.json": "{", "playwright.config.ts": ""}, OF_PAGES,
         BrowserTests(config="playwright.config.ts", folder=FOLDER, asked=True)),
    ],
)  # fmt: skip
def test_tests_are_found_by_what_runs_them(
    files: dict[str, str], fit: Stack, found: BrowserTests | None
) -> None:
    assert browser_tests_of(in_memory(files), (fit,)) == found


@pytest.mark.parametrize("one", [one for one in stacks() if one.tests.browser],
                         ids=lambda one: one.name)  # fmt: skip
def test_a_starter_that_has_browser_tests_is_asked_for_them(one: Stack) -> None:
    files = {file.path: file.text for file in one.starter}

    found = browser_tests_of(in_memory(files), (one,))

    assert found is not None
    assert (found.asked, found.config in files) == (True, True)
    assert any(path.startswith(f"{found.folder}/") for path in files)
