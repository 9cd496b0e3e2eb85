"""The words of a command of Node, sorted: what is passed on, what is loaded before, which files."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Options whose value may be the next word.
_VALUED = frozenset({
    "--import", "--require", "-r", "--loader", "--experimental-loader", "--env-file", "-C",
    "--conditions", "--test-reporter", "--test-reporter-destination", "--test-name-pattern",
    "--test-skip-pattern", "--test-concurrency", "--test-timeout", "--test-shard", "--tsconfig",
    "--project", "-P", "-O", "--compiler-options",
})  # fmt: skip
_PRELOADS = {
    "--import": "import", "--require": "require", "-r": "require", "--loader": "loader",
    "--experimental-loader": "loader",
}  # fmt: skip
# What changes how sources are read, and nothing of how tests are judged.
_PASSED_ON = re.compile(
    r"^(?:--(?:no-)?experimental-(?!test|loader|default-type)[\w-]+|--conditions|-C|--no-warnings"
    r"|--no-deprecation|--expose[-_]gc|--enable-source-maps|--harmony[\w-]*|--preserve-symlinks"
    r"|--stack-size|--test-timeout|--experimental-test-module-mocks|--test-force-exit"
    r"|--unhandled-rejections)(?:=|$)"
)
# Variables that programs of ours or the loader of programs would obey.
_NOT_SET = re.compile(r"^(?:NODE_(?!ENV$)|QL_|SANDBOX_|LD_|PATH$|HOME$|npm_config_)")


@dataclass(frozen=True)
class NodeWords:
    """`options` are passed on, `preload` names modules with the way they are loaded."""

    options: tuple[str, ...] = ()
    preload: tuple[Mapping[str, str], ...] = ()
    paths: tuple[str, ...] = ()
    is_test: bool = False


def node_words(words: Sequence[str]) -> NodeWords:
    """The words behind `node`, or behind a program that takes Node's options."""
    options: list[str] = []
    preload: list[Mapping[str, str]] = []
    paths: list[str] = []
    left = list(words)
    is_test = False
    while left:
        word = left.pop(0)
        if not word.startswith("-"):
            paths.append(word)
            continue
        name, given, value = word.partition("=")
        if not given and name in _VALUED and left:
            value = left.pop(0)
        is_test = is_test or name == "--test"
        if name in _PRELOADS and value:
            preload.append({"kind": _PRELOADS[name], "name": value})
        elif _PASSED_ON.match(word):
            options.append(f"{name}={value}" if value else name)
    return NodeWords(tuple(options), tuple(preload), tuple(paths), is_test)


def settings(variables: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The variables of a command that its tests may be given."""
    return {name: value for name, value in variables if not _NOT_SET.match(name)}


def options_in(variables: Iterable[tuple[str, str]]) -> NodeWords:
    """What NODE_OPTIONS asks for among the variables of a command."""
    return node_words(
        " ".join(value for name, value in variables if name == "NODE_OPTIONS").split()
    )
