"""The page that says what a check finds out in each language: `docs/checking.md`."""

import sys

from quantumlayer.parser import LANGUAGES
from quantumlayer.qlayer.checking import mutation
from quantumlayer.qlayer.checking.verdict import WORST_FIRST
from quantumlayer.qtest import CHECKERS, RUNNERS, Language
from quantumlayer.qtest.delivered import Rung

_HEADING = """\
# Checking a project

Made by `python -m quantumlayer.qlayer.checking.page` from the tables of runners
(`qtest/testing.py`), checkers (`qtest/syntax/tools.py`) and languages: change those, then write
this page again.

    quantumlayer check PATH [PATH …] [--jobs N] [--timeout S] [--mutation] [--delivered] [--json]

A path is a folder, a capsule or any other zip archive, or a single file. Nothing of it is changed,
and its code runs in the sandbox only: without one the verdict is `infrastructure_error`. Declared
dependencies are installed first, in a step of their own, and kept in `QL_CACHE_DIR`; `--timeout`
holds for the tests of a path, all its languages together, and not for that step.

| verdict | status | means |
| --- | --- | --- |
| `passed` | 0 | every source is well formed, at least one test ran, none failed |
| `failed` | 1 | a test failed, a source is not well formed, or the archive is refused |
| `incomplete` | 1 | sound, and lacks what was asked for: of capsules alone, which say it |
| `no_tests` | 3 | nothing is wrong, and nothing is proven: no tests, or none that asserts |
| `timed_out` | 4 | the tests did not end in time |
| `infrastructure_error` | 5 | nothing could be found out; the reason says why |

A toolchain or a sandbox that is missing is named; so is the limit that a project exceeds. In C and
C++ so is a header, a library, a package or a tool that the build wants of this machine; what the
project should bring itself fails it.

Status 2 is wrong usage; a path that does not exist is, and then nothing runs. Of several paths the
worst decides, in this order: {worst}. What could not be found out is worse than what is wrong.

- **Syntax has tiers.** The grammar reads everything; a language's own checker, where its program is
  here, overrules it, and a compiler that has built the project overrules both. Of C and C++ that
  something else builds, a compiler alone accuses nothing in which names are unknown to it. `tiers`
  and `tier` name who decided. A grammar alone fails nothing: of 1,000 good files of Go it refuses
  13. SQL that the grammar does not know is put to SQLite. Sources are read in the encoding that
  they declare.
- **What does not count**: samples and templates (`fixtures`, `testdata`, `templates`, `vendor` …),
  data files of tests, settings with comments, and what the go command leaves out (`_x`, `.x`,
  `testdata`, other systems, build tags). Their problems are low findings, `syntax-unsure`.
- **A capsule is asked again for what it was made for**: what was not understood, and requirements
  that no passing test names any more, make it `incomplete`; the first lines name them, `missing` in
  the JSON. `capsule.json` and the documents in `capsule/` are no part of the project.
- **Coverage counts every source file**, loaded or not: one that no test loads has none of its lines
  covered, and is named (`unloaded` in the JSON). Settings of the project that leave files out are
  not heeded; samples, scripts and what is built are no sources. Of JavaScript and TypeScript V8
  counts under every runner, and maps lead from what ran to what was written.
- **Findings fail nothing here**, whatever their severity: they are told. The quality policy of
  generated applications is stricter: [rules](rules.md) says which of them may fail one.
- **`quantumlayer parse`** reads the same files with the same tiers, rules and search for secrets,
  and tries nothing. It ends with 0 when every file is well formed, with 1 when one is not, with 2
  for wrong usage. In its JSON, as in that of `POST /v1/analyze` with detail `full`, `syntax` has
  the `tier` that decided, `errors` that are sure, and `doubts` that are not: what is
  `syntax-unsure` here. The service, which has no sandbox, leaves doubts where only a compiler
  could decide.
- **Parts**: where manifests stand in folders below, as in a repository of several services, each is
  tested from its own. Go and Rust are tested from each `go.work`, workspace, module and package
  that belongs to none, all in one copy of the project.
- **What cannot be had** is `infrastructure_error` with the line that asks for it: a newer
  toolchain, a package, module or crate, or a version of it, that no registry of this machine has,
  a library of the system. A registry that does not know a version speaks of itself alone. What the
  project's own files show is its own fault: a manifest that is malformed, or contradicts itself.
  What of manifests and locks was not heeded stands in `notes`.
- **Who leaves early** proves nothing: a test process that ends with status 0 before its tests have
  finished fails, with the line in Node. Tests of Rust, and programs in C and C++, whose own last
  word is `exit(0)` skip.
- **Python's manifests are read, never run**: requirements files with constraints and includes,
  pyproject.toml with extras, groups and the tables of Poetry, uv, PDM, Hatch and Flit, setup.cfg,
  setup.py, Pipfile, the pip part of environment.yml, tox and nox. Folders of the project that are
  required go on the path. What comes from elsewhere, is computed, or is in the registry as sources
  only is not installed; where tests fail for want of it the verdict is `infrastructure_error`, with
  file and line. So it is where they fail and a module that only the project's build compiles is not
  there: it is missed by name, or code of the project goes on without it, and nobody knows what the
  failure says.
- **Another Python of this machine** (3.11 or later) runs what asks for one; without it the verdict
  is `infrastructure_error` and names both versions.
- **Left out**: what tools made (`node_modules`, `.venv`, `target` beside `Cargo.toml` …), links
  that lead out of the project or to a folder around them. Archives with links or paths that lead
  out, encrypted ones and bombs are refused as a whole; links that stay inside are links again.
- **Make, ctest and scripts**: Make itself is asked which targets run tests. A status of 0 is not
  enough: programs of the project must have run, each answers for itself, and where its output is
  compared, nothing may forget what came of it. Skipped tests are counted as skipped.
- **`--delivered`** also starts what a Dockerfile builds, as its platform would: what the rungs are
  and what they mean stands [below](#as-delivered).
- **`--mutation`** changes the code of what passes in small ways and counts which changes the tests
  notice; those that they do not are listed with their line. In JavaScript and TypeScript each
  change has processes of its own, so fewer fit into the time; of a component, one change is that it
  shows nothing. TypeScript that is compiled before its tests run is not measured, and the reason
  says so.

## Languages with a test runner

"""
_OTHERS = """
## Languages that are read only

Their own checkers decide where they are installed, tree-sitter elsewhere: see
[languages](languages.md) for all of them.

"""

_DELIVERED = """
## As delivered

`quantumlayer check PATH --delivered` also builds what the Dockerfile at the top of a project says,
starts it as its platform would, and asks these rungs in their order; the first that is broken ends
the climb. The JSON has them under `delivered`, each with `outcome` (`held`, `broken`, `unknown`,
`skipped`), `seconds`, `reason` and `evidence`.

"""
_AFTER_RUNGS = """
How it is run is read from the manifests of Kubernetes: probes, port, user, root, environment,
volumes, instances, time to stop. Without any, the image's own `HEALTHCHECK`, `EXPOSE`, `VOLUME` and
`USER` say so, with the environment, command and volumes of a compose file. A secret whose value is
not in the project is made up, which a note says. What exposes no port serves nobody: it is started
once, and may end with status 0.

- **A broken rung is `failed`**, whatever the tests say. What this machine cannot find out is
  `unknown`, and the verdict `infrastructure_error`: a base image that nothing here stands for,
  packages of the distribution, a registry that cannot be reached, another server that the manifests
  or the compose file name, a value that was made up and of which the log speaks. What a delivery
  does not promise
  is `skipped`, with the reason: no probed path, no route that takes what was made up for it.
- **What is written is known by** the routes of the OpenAPI document, with the token of who has
  signed in; by what the pages were heard to write, pictures among it; and, where those tell
  nothing, by requests that stand in the project's tests, documentation and sources. What is read
  afterwards has to be there after the next start. What is refused, or told once, is no data.
- **Pages are asked for**: HTML at `/`, or where `/` leads to, is a page that people begin at, and
  what it links to are others; data, a greeting without a document and the documentation of an
  interface are none. Of a project that fits a stack with pages whose files go into the image, a
  page is promised, and its absence is broken. Another project's own page (`index.html`, a template
  of that name) is looked for where servers usually show it, and `unknown` where it is not found;
  it is missing where its title is in no file of the image, and nothing else of the project, such as
  the settings of a host of pages, delivers it.
- **What is used of a page**: every control, fields with words, pictures where they are wanted, and
  what can be dragged, to wherever it is taken. A form that only loads its page again does nothing;
  a request that is answered as any path would be has no route.
- **Accessibility** is a promise of stacks with pages: what axe calls serious or critical breaks the
  rung. A page that was only found is broken by what keeps somebody out: what is critical, and text
  of less contrast than 3 to 1. The rest is told in the evidence.
- **The dark** is looked at where requirements ask for it, or the page itself says that it keeps to
  it (`color-scheme`, or rules for `prefers-color-scheme: dark` that hold for all of it). Without a
  Chromium the rung is `unknown`. `--pictures FOLDER` writes what was seen.
- **Browser tests** are those of a `playwright.config.*`, or of the folder that the stack has for
  them. Its configuration holds but for this: no server of its own is started, addresses on loopback
  and of others lead to the application, the browser is this machine's Chromium, nothing is tried
  twice, and who waits, waits for 15 s at least. A failing test is `broken`, with name, place and
  message. It is `unknown` where the cause may be elsewhere: a global setup, several servers, a
  server that is seeded or given what the image is not, an address of others, a host that cannot be
  reached, pictures to compare, a module that a build makes. Tests for other browsers are named as
  not run; those that are skipped or expected to fail show nothing, nor do tests that never ask the
  application. Where a stack asks for browser tests and Playwright is brought, one has to pass.
- **Without a Dockerfile** nothing is tried, and the verdict is `infrastructure_error`.
- **How it is started** is named, `tier` in the JSON: the stages of the Dockerfile are played in
  bubblewrap with this machine's toolchains in the place of base images, each in another version
  than the one that is asked for with a note. [The sandbox](sandbox.md) says what holds it. With
  `--tier image` the Dockerfile is built as it is by buildah and started by runc, packages of the
  distribution and all, and with `--tier auto` where that can be done, else a note says why not.
  Steps may do more then than the sandbox lets them: see
  [images](sandbox.md#images-as-they-are-delivered).
- **What took long of a build is kept** in `QL_CACHE_DIR`, at most 4 GiB for at most a week, by
  everything that it was made from: an unchanged image is there in a second.
"""
_RUNGS: dict[Rung, str] = {
    Rung.TYPES: "the type checker of the stack that fits has no complaint, where it is brought",
    Rung.BUILD: "every stage that the image needs is built, in the sandbox",
    Rung.START: "its user starts its command with its environment, it listens at its port, goes on",
    Rung.PROBES: "each probed path answers with success, and not by a fallback for any path",
    Rung.ROUTES: "each route of its OpenAPI document does as it says, and refuses what is wrong",
    Rung.REMEMBER: "something is written by a route of the service's own, and read back",
    Rung.STOP: "it ends after its stop signal, within the time that it is given",
    Rung.START_AGAIN: "it starts a second time on what the first one left behind",
    Rung.DATA_LASTS: "what was written before is still there",
    Rung.SECOND_INSTANCE: "where there are two, they run together and know what either was told",
    Rung.PAGES: "each page loads, works, fits a phone, and keeps nobody out, in a browser",
    Rung.BROWSER_TESTS: "its own Playwright tests pass, asked of a deployment of their own",
}


def checking_page() -> str:
    """The text of `docs/checking.md`."""
    worst = ", ".join(f"`{verdict.value}`" for verdict in WORST_FIRST)
    heading = _HEADING.format(worst=worst)
    columns = ("language", "syntax", "tests", "a pass rests on", "coverage", "mutation")
    tested = table(columns, [tested_row(language) for language in RUNNERS])
    rest = sorted(set(CHECKERS) - {language.value for language in RUNNERS} - {"tsx"})
    read_only = table(("language", "syntax"), [(name, syntax_of(name)) for name in rest])
    rungs = table(("rung", "holds when"), [(rung.value, _RUNGS[rung]) for rung in Rung])
    return heading + tested + _OTHERS + read_only + _DELIVERED + rungs + _AFTER_RUNGS


def tested_row(language: Language) -> tuple[str, ...]:
    runner = RUNNERS[language]
    return (
        language.value,
        syntax_of(language.value),
        runner.runs,
        runner.evidence,
        runner.coverage,
        "✓" if language in mutation.LANGUAGES else "",
    )


def syntax_of(language: str) -> str:
    """The tiers of a language, the strongest first."""
    own = LANGUAGES[language].native
    checker = CHECKERS.get(language)
    names = [checker.tier] if checker else []
    names += [own.value] if own else []
    return ", ".join([*names, "tree-sitter"])


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = (columns, tuple("---" for _ in columns), *rows)
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(checking_page())
