"""What the page of the sandbox says of installing, and of what reads strangers' text here."""

from quantumlayer.processes import ALLOWED
from quantumlayer.qtest.environments.access.learning import SETTING
from quantumlayer.qtest.environments.installing import LIMITS
from tests.packages.qtest.environments.attempts.attempt import Attempt, Program
from tests.packages.qtest.environments.attempts.programs import PROGRAMS
from tests.packages.qtest.environments.attempts.suite import ATTEMPTS, GROUPS

INSTALLING = f"""\
Dependencies are installed in a sandbox too, apart from the tests and before them: uv, npm, go,
cargo and Maven, the resolving of lock files, the questions whether a package exists, and the
compiling of our own parts. It is the same sandbox with two differences.

- **One folder of the host can be written**: that of the environment that is being made, which is
  empty before and renamed into place when it is whole. It has a size, and belongs to the sandbox's
  own user meanwhile. Links that lead out of it, pipes, sockets and devices that are left in it
  are refused. Downloads are in there as well: no cache is shared, so none can be poisoned.
- **The registries can be reached, and nothing else.** The network stays empty. A program of ours
  listens on the sandbox's loopback and passes bytes to a Unix socket, behind which a proxy of ours,
  outside, connects to known hosts and ports. A name that leads into a private network is refused
  unless the deployment itself names it. Where this machine uses a proxy, ours goes through it.

Which hosts those are is never asked of a project. npm (`npm config`), Go (`go env`) and Maven (the
model in its own jar, `settings.xml`) say so themselves, uv and cargo by their settings in the
environment, `uv.toml` and `~/.cargo/config.toml`; and because uv and cargo do not tell their
defaults, each is once asked to fetch one small package that we name, and what it asks for is kept
in the cache. `{SETTING}` names further ones, separated by commas.

No script, hook, build backend or plug-in of a project or a package runs: wheels only, npm without
scripts, `go mod download`, `cargo fetch`, and of Maven its model builder and resolver, asked by a
class of ours before Maven looks at any project. They see manifests that we have written anew, of
Maven the poms as they are (whose plug-ins, extensions and repositories are not taken up), and no
file of settings of the project: no pip.conf, uv.toml, `[tool.uv]`, .npmrc, .cargo/config.toml,
rust-toolchain, go.env, .mvn, settings.xml or init script.
The interpreter of an environment is never started where it is made; its bytecode is compiled by the
base interpreter, which reads no `.pth` file.

Pods have no way to a registry: with `QL_SANDBOX=kubernetes` tests run in pods, and environments are
made by bubblewrap in the worker's own pod, or taken from a cache that has them already. Where
bubblewrap may not work either, a project whose dependencies are not in the cache ends with
`infrastructure_error`, which says so. Nothing is ever installed without a sandbox.
"""

ENVIRONMENT = """\
Every program that we start gets an environment made from one list
(`packages/processes/src/quantumlayer/processes/environment.py`); whoever starts it says which
groups it needs. A test reads our sources and finds no start without one.
"""

ON_THE_HOST = """\
What follows reads text of strangers outside of any sandbox. None of it runs what it reads, loads
settings or plug-ins from the project, or uses the network.
"""

READERS = """\
tree-sitter's grammars, Python's compiler, readers of JSON, TOML, YAML and SQL
: worker processes of the parser: killed at a time limit, an alarm of their own, 2 GiB of address \
space, an environment from the list; SQLite in memory with an authoriser
Node's own parser (`node_worker.cjs`)
: a worker process that compiles and never runs, killed at a time limit, heap of 512 MiB; it sees \
texts, never the project's folder or its package.json
ruff
: `--isolated --no-cache`, on a copy of the regular files; killed at a time limit, 4 GiB of \
address space, bounded processor time
detect-secrets
: the plug-ins that we name, no baseline and no settings, on texts; a process that is killed at a \
time limit, 1 GiB of address space, bounded processor time
manifests (`tomllib`, `json`, `packaging`, ElementTree without entities)
: pure readers of at most a few MiB, which follow no link and wait for no pipe (`qtest.untrusted`)
Dockerfiles, Kubernetes manifests, OpenAPI documents and answers of applications
: pure readers with bounds on size, values that grow, nesting and counts; a safe loader of YAML
`ast.parse` and tree-sitter for mutations, for which tests there are and which lines could run
: pure; too deep, too large or longer than a second is an answer
zip archives (`zipfile`)
: every name, link, size and ratio is checked before a byte is written; bounded in entries and bytes
gofmt, tsc, javac, rustc, gcc, bash, php, ruby, luac as checkers of syntax; make and CMake
: not on the host: in the sandbox of tests
"""


ATTEMPTS_HEADING = """\
{count} projects, packages and installers that have been taken over try; none succeeds. Each but a
few is also seen to succeed where nothing holds it: projects by the command that people would use,
installers as programs on the host. `QL_ATTEMPTS=all pytest
tests/packages/qtest/environments/attempts` makes all of them; without it, some of each kind.
"""


def readers() -> list[tuple[str, ...]]:
    """(tool, what holds it)"""
    lines = READERS.splitlines()
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return [(tool, held.removeprefix(": ")) for tool, held in pairs]


def installing_parts() -> list[str]:
    """The sections of the page."""
    count = len(ATTEMPTS) + len(PROGRAMS)
    bounds = LIMITS.model_dump()
    parts = [
        "## Installing\n",
        INSTALLING,
        table(("limit of an installation", "value"),
              [(name, f"{bounds[name]:,}") for name in bounds]),
        "## What programs that we start learn\n",
        ENVIRONMENT,
        table(("group", "variables (patterns)"),
              [(group.value, ", ".join(f"`{cell(name)}`" for name in names))
               for group, names in ALLOWED.items()]),
        "## What reads untrusted text on the host\n",
        ON_THE_HOST,
        table(("tool", "what holds it"), readers()),
        "## Attempts through installing\n",
        ATTEMPTS_HEADING.format(count=count),
    ]  # fmt: skip
    head = ("attempt", "what it tries", "what must happen", "seen to succeed")
    for name, attempts in GROUPS:
        parts += [f"### {name}\n", table(head, [of_attempt(each) for each in attempts])]
    taken_over = table(head, [of_program(each) for each in PROGRAMS])
    return [*parts, "### An installer that has been taken over\n", taken_over]


def of_attempt(attempt: Attempt) -> tuple[str, ...]:
    words = attempt.control.replace("@HERE@/", "").replace(" --no-audit --no-fund", "")
    return f"`{attempt.id}`", attempt.tries, attempt.must, f"`{cell(words)}`"


def of_program(program: Program) -> tuple[str, ...]:
    seen = "nowhere: it would reach others" if program.harmful else "on the host, without a sandbox"
    return f"`{program.id}`", program.tries, program.must, seen


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
