"""Programs that are started learn what their purpose needs, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from quantumlayer.manifests.python.trees import made_tree
from quantumlayer.processes import Group, child_environment

ROOT = Path(__file__).parents[3]
GIVEN = {
    "PATH": "/usr/bin",
    "HOME": "/home/someone",
    "QL_MODEL_API_KEY": "secret",
    "OPENAI_API_KEY": "secret",
    "QL_DATABASE_URL": "secret",
    "PYTHONPATH": "/modules",
    "PYTHONSTARTUP": "/evil.py",
    "UV_DEFAULT_INDEX": "https://mirror.example/simple",
    "UV_KEYRING_PROVIDER": "subprocess",
    "UV_INDEX_OURS_PASSWORD": "for the mirror",
    "npm_config_@ours:registry": "https://mirror.example/npm",
    "npm_config_script_shell": "/evil",
    "NPM_CONFIG_NODE_OPTIONS": "--require /evil.js",
    "GOPROXY": "https://mirror.example/go",
    "GOFLAGS": "-toolexec=/evil",
    "CARGO_REGISTRIES_OURS_INDEX": "sparse+https://mirror.example/",
    "CARGO_REGISTRIES_OURS_CREDENTIAL_PROVIDER": "/evil",
    "CARGO_BUILD_RUSTC_WRAPPER": "/evil",
    "SSL_CERT_FILE": "/etc/certificates",
    "HTTPS_PROXY": "http://user:password@proxy.example",
    "LD_PRELOAD": "/evil.so",
    "NODE_OPTIONS": "--require /evil.js",
    "JAVA_TOOL_OPTIONS": "-javaagent:/evil.jar",
    "GIT_SSH_COMMAND": "/evil",
}

# Programs of ours with the settings of the platform, and what starts inside a sandbox.
STARTS_WITH_EVERYTHING = {"apps/cli/src/quantumlayer/cli/platform/control.py"}
INSIDE = ("packages/qtest/src/quantumlayer/qtest/payload",)
STARTERS = {
    "create_subprocess_exec", "create_subprocess_shell", "run", "Popen", "check_output",
    "check_call", "call", "posix_spawn", "execv", "execvp", "system", "getoutput",
}  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "learnt"),
    [
        ((), set()),
        ((Group.BASE,), {"PATH"}),
        ((Group.BASE, Group.INTERPRETER), {"PATH", "PYTHONPATH"}),
        ((Group.PYTHON_REGISTRY,), {"UV_DEFAULT_INDEX", "UV_INDEX_OURS_PASSWORD"}),
        ((Group.NPM_REGISTRY,), {"npm_config_@ours:registry"}),
        ((Group.GO_REGISTRY,), {"GOPROXY"}),
        ((Group.RUST_REGISTRY,), {"CARGO_REGISTRIES_OURS_INDEX"}),
        ((Group.TRUST,), {"SSL_CERT_FILE"}),
        ((Group.PROXIES,), {"HTTPS_PROXY"}),
        ((Group.TOOLCHAINS,), {"HOME"}),
    ],
)
def test_a_group_lets_through_what_it_is_for(groups: tuple[Group, ...], learnt: set[str]) -> None:
    assert set(child_environment(*groups, given=GIVEN)) == learnt


def test_what_would_run_a_program_is_in_no_group() -> None:
    everything = child_environment(*Group, given=GIVEN)
    assert [name for name, value in everything.items() if "evil" in value] == []
    assert [name for name, value in everything.items() if value == "secret"] == []


def test_what_is_added_counts_more_than_what_is_there() -> None:
    assert child_environment(Group.BASE, given=GIVEN, PATH="/ours") == {"PATH": "/ours"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for top in ("apps", "packages"):
        for path in sorted((ROOT / top).glob("*/src/**/*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(INSIDE):
                yield name, made_tree(path.read_text("utf-8"))


def starts(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that start a program."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            whose, _, what = ast.unparse(node.func).rpartition(".")
            if (whose, what) == ("asyncio", "run"):
                continue
            if what in STARTERS and whose in ("subprocess", "asyncio", "os"):
                yield node


def test_every_start_of_a_program_says_what_the_program_learns() -> None:
    silent = [
        f"{name}:{call.lineno}"
        for name, tree in sources()
        for call in starts(tree)
        if not any(keyword.arg == "env" for keyword in call.keywords)
    ]
    assert silent == []


def test_the_whole_environment_is_passed_on_nowhere_but_to_our_own_supervisor() -> None:
    found = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Dict) and any(
            key is None and ast.unparse(value).endswith("os.environ")
            for key, value in zip(node.keys, node.values, strict=True)
        ))
        or (isinstance(node, ast.Call) and ast.unparse(node) in ("dict(os.environ)",
                                                                 "os.environ.copy()"))
    }  # fmt: skip
    found.discard("apps/cli/src/quantumlayer/cli/platform/environment.py")
    assert found <= STARTS_WITH_EVERYTHING
