"""The tree that the integrator works on: what it may change of it, and what has come of that."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from quantumlayer.agents.integrator import Guard, Outcome
from quantumlayer.qlayer import Blueprint, FileRole, SourceFile, SourceTree
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.revision.base import USER
from quantumlayer.qlayer.revision.roles import is_test_path
from quantumlayer.qlayer.tidying import tools_for
from quantumlayer.qtest import TestReport
from quantumlayer.worker.nouns import Scope, TreeTask
from quantumlayer.worker.runtime import Runtime
from quantumlayer.worker.tester.dependencies import refused_dependencies
from quantumlayer.worker.workspace import lay_out

ORIGIN = "integrator"


@dataclass
class Bench:
    """One turn's work on a tree. `contradicted` are tests that were put right: path → requirement.

    `plan` and `failing` are as in the transcript.
    """

    runtime: Runtime
    scope: Scope
    guard: Guard
    tree: SourceTree
    contents: dict[str, bytes]
    plan: tuple[Outcome, ...]
    failing: Mapping[str, int]
    changed: dict[str, SourceFile | None] = field(default_factory=dict)
    contradicted: dict[str, str] = field(default_factory=dict)
    _refused: tuple[SourceTree, TestReport | None] | None = None

    @property
    def texts(self) -> dict[str, str]:
        """Path → content of all files."""
        return {path: data.decode(errors="replace") for path, data in self.contents.items()}

    async def put(self, path: str, content: bytes) -> str:
        """Gives a file new content; why it cannot have it, empty where it has it now."""
        if why := self._too_much(path, content):
            return why
        before = self.tree.find(path)
        role = before.role if before else _role(path)
        # A test stays whose it was, and so stays frozen.
        is_others_test = before is not None and before.role is FileRole.TEST
        file = SourceFile(
            path=path,
            sha256=await self.runtime.objects.put(content),
            size=len(content),
            role=role,
            origin=before.origin if before and is_others_test else ORIGIN,
            requirements=before.requirements if before else (),
        )
        self.contents[path] = content
        self.tree = self.tree.replacing([file])
        self.changed[path] = file
        return ""

    def remove(self, path: str) -> None:
        """Takes a file out of the tree."""
        self.contents.pop(path, None)
        self.tree = self.tree.without([path])
        self.changed[path] = None

    @asynccontextmanager
    async def laid_out(self) -> AsyncIterator[Path]:
        """The tree as files in a fresh folder."""
        with tempfile.TemporaryDirectory(prefix="quantumlayer-") as folder:
            await lay_out(self.runtime, self.tree, Path(folder))
            yield Path(folder)

    async def refused(self) -> TestReport | None:
        """Why the packages that the tree declares must not be installed; None where they may."""
        if self._refused is None or self._refused[0] != self.tree:
            task = TreeTask(scope=self.scope, tree=self.tree, round_number=0)
            self._refused = (self.tree, await refused_dependencies(self.runtime, task))
        return self._refused[1]

    def _too_much(self, path: str, content: bytes) -> str:
        limits = self.scope.limits
        if len(content) > limits.file_bytes:
            return f"{path} would have {len(content)} bytes, and may have {limits.file_bytes}"
        written = [file for file in self.tree.files if file.origin not in ("packager", USER)]
        if self.tree.find(path) is None and len(written) >= limits.files:
            return f"there are {len(written)} files already, and may be {limits.files}"
        return ""


async def bench_of(
    runtime: Runtime,
    scope: Scope,
    tree: SourceTree,
    requirements: Requirements,
    blueprint: Blueprint,
) -> Bench:
    """A bench for a tree, before anything is done on it."""
    contents = {file.path: await runtime.objects.get(file.sha256) for file in tree.files}
    tools = tools_for(contents, blueprint)
    guard = Guard(
        tests=frozen_tests(tree),
        # What fits a stack by chance belongs to whoever began it.
        fixed=tools.fixed if tools and not blueprint.imported else (),
        requirements=frozenset(one.id for one in requirements.items),
    )
    return Bench(runtime, scope, guard, tree, contents, plan=(), failing={})


def frozen_tests(tree: SourceTree) -> frozenset[str]:
    """The tests that the integrator has not added itself."""
    return frozenset(
        file.path for file in tree.files if file.role is FileRole.TEST and file.origin != ORIGIN
    )


def _role(path: str) -> FileRole:
    return FileRole.TEST if is_test_path(path) else FileRole.SOURCE
