"""Which tests of a JavaScript project are run, from where, and by what.

The script of package.json decides, wherever its aliases lead; without one that names a runner the
tests themselves do, by what they import, then the packages that are asked for.
"""

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from quantumlayer.manifests import FilesOnDisk
from quantumlayer.manifests.javascript import (
    TEST_PROGRAMS,
    Command,
    Package,
    Workspace,
    commands,
    matching,
    read_package,
    read_workspace,
)
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.project import SAMPLES
from quantumlayer.qtest.runners.javascript_tests import (
    BY_IMPORT,
    IMPORTS,
    LIKE_A_TEST,
    NODE,
    NODE_PATTERNS,
    SOURCE,
)
from quantumlayer.qtest.runners.node_words import NodeWords, node_words

SCRIPT = "script"
SUPPORTED = ("vitest", "jest", "mocha", "tape")
SAME = {"_mocha": "mocha", "mocha.js": "mocha", "jest.js": "jest", "vitest.mjs": "vitest",
        "borp": NODE, "tsx": "node", "ts-node": "node", "ts-node-esm": "node"}  # fmt: skip
# Of these only the goal says whether tests are meant.
BUILDERS = frozenset({
    "gulp", "grunt", "make", "hereby", "jake", "ng", "react-scripts", "deno", "bun", "playwright",
    "cypress",
})  # fmt: skip
PER_FILE = frozenset({"tape", SCRIPT})
MOST_READ = 200


@dataclass(frozen=True)
class Trial:
    """Tests that are run together: `runner` in `folder`, with words of the project's own command.

    `paths` are files relative to that folder, none where the runner finds them by itself.
    """

    folder: str
    runner: str
    paths: tuple[str, ...] = ()
    words: NodeWords = field(default_factory=NodeWords)
    arguments: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    program: str = ""


def trials(project: Path) -> tuple[Trial, ...]:
    """What there is to run in a project, each test once.

    Raises ToolMissing for a runner that is not known here, and NotUnderstood.
    """
    planner = _Planner(FilesOnDisk(project))
    return tuple(planner.of_project())


class _Planner:
    def __init__(self, files: FilesOnDisk) -> None:
        self.files = files
        self.paths = [
            path for path in files.paths() if SOURCE.search(path)
            and SAMPLES.isdisjoint(path.split("/")[:-1])
        ]  # fmt: skip
        self.folders = [
            posixpath.dirname(path) or "." for path in files.paths()
            if posixpath.basename(path) == "package.json"
        ]  # fmt: skip
        self.workspace: Workspace = read_workspace(files)

    def of_project(self) -> list[Trial]:
        root = self.workspace.root
        found = self.by_script(root)
        if found or not self.workspace.members:
            return found or self.by_tests(root)
        for member in self.workspace.members:
            found += self.by_script(member) or self.by_tests(member)
        return found + (self.by_tests(root) if self.own_tests(root) else [])

    def by_script(self, package: Package) -> list[Trial]:
        planned = (self.of_command(one) for one in commands(self.workspace, package))
        return [trial for trial in planned if trial is not None]

    def of_command(self, command: Command) -> Trial | None:
        """The trial that a command stands for, None for builds, linters and the like."""
        program, *words = command.words
        name = posixpath.basename(program)
        name = SAME.get(name, name)
        given = node_words([word for word in words if word != "--"])
        if name == "node" and given.paths and "node_modules/" in given.paths[0]:
            own = posixpath.basename(given.paths[0]).removesuffix(".js")
            place = words.index(given.paths[0]) + 1
            return self.of_command(replace(command, words=(own, *words[place:])))
        trial = Trial(command.package.folder, name, (), given, tuple(words), command.variables,
                      posixpath.basename(program))  # fmt: skip
        if name == "node":
            return self.of_node(trial)
        if name == NODE:
            return self.with_paths(trial, given.paths)
        if name not in TEST_PROGRAMS or (name in BUILDERS and not re.search(
            r"\b(unit|spec|tests?|check|e2e)\b", " ".join(words))):  # fmt: skip
            return None
        return self.supported(trial)

    def of_node(self, trial: Trial) -> Trial | None:
        if trial.words.is_test:
            return self.with_paths(replace(trial, runner=NODE), trial.words.paths)
        entry = next(iter(trial.words.paths), "")
        path = self.entry(trial.folder, entry)
        if not path or not LIKE_A_TEST.search(entry.rstrip("/")):
            return None
        near = [path, *self.beside(trial.folder, path)]
        runner = self.imported(trial.folder, near) or SCRIPT
        return self.supported(replace(trial, runner=runner, paths=(path,)))

    def supported(self, trial: Trial) -> Trial:
        """The trial, when its runner is one of ours and declared."""
        name = trial.runner
        if name in (NODE, SCRIPT):
            return trial
        if name not in SUPPORTED:
            known = ", ".join((NODE, *SUPPORTED))
            raise ToolMissing(
                f"The tests are written for {name}, which is not supported yet; {known} are."
            )
        if name not in self.installed(trial.folder):
            raise ToolMissing(
                f"The tests are run by {name}, which package.json does not name as a dependency. "
                f"Add it with `npm install --save-dev {name}`."
            )
        if name in PER_FILE and not trial.paths:
            return self.with_paths(trial, trial.words.paths)
        return trial

    def with_paths(self, trial: Trial, words: Iterable[str]) -> Trial:
        """The trial with the files that its words name, else with those that Node would find."""
        named: dict[str, None] = {}
        inside = self.inside(trial.folder)
        for word in words:
            plain = posixpath.normpath(word)
            below = [path for path in inside if path.startswith(f"{plain}/")]
            found = [path for path in inside if path == plain] or matching(plain, inside)
            named |= dict.fromkeys(found or [p for p in below if NODE_PATTERNS.search(p)])
        return replace(trial, paths=tuple(named) or tuple(self.by_pattern(trial.folder)))

    def by_tests(self, package: Package) -> list[Trial]:
        """The trial of a package whose script says nothing: by its tests, then its packages."""
        tests = self.own_tests(package)
        if not tests:
            return []
        folder, installed = package.folder, self.installed(package.folder)
        runner = self.imported(folder, tests) or next(
            (name for name in SUPPORTED if name in installed), NODE
        )
        trial = Trial(folder, runner)
        found = tuple(path for path in tests if NODE_PATTERNS.search(path)) or tuple(tests)
        if runner in (NODE, *PER_FILE):
            trial = replace(trial, paths=found)
        elif runner == "mocha" and not self.says_where(package):
            trial = replace(trial, arguments=tuple(f"./{path}" for path in found))
        return [self.supported(trial)]

    def says_where(self, package: Package) -> bool:
        """Whether mocha finds a package's tests by itself: by its settings, or in `test`."""
        near = posixpath.normpath(f"{package.folder}/.mocharc").removeprefix("./")
        settled = any(path.startswith(near) for path in self.files.paths())
        usual = any(re.match(r"test/[^/]+\.[cm]?js$", path) for path in self.inside(package.folder))
        return settled or usual or bool(package.table("mocha"))

    def own_tests(self, package: Package) -> list[str]:
        """The test files of a package, without those of the packages below it.

        In a workspace every package with a name is one of its own, whether a member or not.
        """
        others = tuple(f"{folder}/" for folder in self.below(package))
        return [
            path
            for path in self.inside(package.folder)
            if (NODE_PATTERNS.search(path) or LIKE_A_TEST.search(path))
            and not path.startswith(others)
        ]

    def below(self, package: Package) -> list[str]:
        """The folders of packages inside of another one, relative to it."""
        folders = {one.folder for one in self.workspace.members}
        if folders:
            found = (read_package(self.files, folder) for folder in self.folders)
            folders |= {one.folder for one in found if one and one.name}
        inside = (posixpath.relpath(folder, package.folder) for folder in folders)
        return [folder for folder in inside if folder != "." and not folder.startswith("..")]

    def imported(self, folder: str, paths: Iterable[str]) -> str:
        """The runner that most of the files import, empty when none imports any."""
        votes: dict[str, int] = {}
        for path in list(paths)[:MOST_READ]:
            content = self.files.content(posixpath.normpath(f"{folder}/{path}")) or b""
            for found in IMPORTS.finditer(content.decode("utf-8", errors="replace")):
                name = found["name"]
                name = BY_IMPORT.get(name, name.split("/")[0])
                votes[name] = votes.get(name, 0) + 1
        known = {name: count for name, count in votes.items() if name != "test"}
        return max(known, key=lambda name: known[name], default="")

    def installed(self, folder: str) -> frozenset[str]:
        """What a package may use: its own dependencies and those of the root."""
        near = [one for one in self.workspace.packages if one.folder in (folder, ".")]
        return frozenset(name for one in near for name in one.dependencies())

    def inside(self, folder: str) -> list[str]:
        prefix = "" if folder == "." else f"{folder}/"
        return [path.removeprefix(prefix) for path in self.paths if path.startswith(prefix)]

    def by_pattern(self, folder: str) -> list[str]:
        return [path for path in self.inside(folder) if NODE_PATTERNS.search(path)]

    def beside(self, folder: str, path: str) -> Sequence[str]:
        """The other tests in a test's folder, where an index only names them."""
        if not re.search(r"(^|/)(index|all|run|main|tests?)\.[cm]?[jt]s$", path):
            return ()
        above = posixpath.dirname(path)
        return [one for one in self.inside(folder) if above and one.startswith(f"{above}/")]

    def entry(self, folder: str, word: str) -> str:
        """The file that `node WORD` runs."""
        plain = posixpath.normpath(word) if word else ""
        ends = ("", ".js", ".cjs", ".mjs", ".ts", "/index.js", "/index.cjs", "/index.mjs")
        inside = set(self.inside(folder))
        return next((plain + end for end in ends if plain and plain + end in inside), "")
