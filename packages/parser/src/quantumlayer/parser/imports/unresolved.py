"""Imports that resolve to nothing: neither standard, nor in the project, nor declared."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from quantumlayer.parser.dependencies import declared_in
from quantumlayer.parser.imports.go import GoTree
from quantumlayer.parser.imports.python import PythonTree
from quantumlayer.parser.imports.script import ScriptTree
from quantumlayer.parser.model import FileAnalysis, Finding, Severity, SourceText
from quantumlayer.parser.module_use import ModuleUse

RULE = "import-resolves-to-nothing"
_HELP = "Correct the name, write the module, or declare the dependency."


class Tree(Protocol):
    """The files of a project in one language, and what its manifests declare."""

    def problem(self, path: str, use: ModuleUse) -> str | None:
        """Why an import of the file at `path` leads nowhere; None when it leads somewhere."""
        ...

    def foreign(self, path: str, use: ModuleUse) -> str | None:
        """What it asks for, where that could only be a package that nothing declares."""
        ...

    def similar(self) -> list[str]:
        """Names that could have been meant."""
        ...


def unresolved_imports(
    files: Sequence[SourceText], analyses: Iterable[FileAnalysis]
) -> tuple[Finding, ...]:
    """A high finding for each import that leads nowhere, by place.

    `files` are all files of a project, manifests included; `analyses` those of its sources.
    Imports that the program goes on without are not spoken of, nor what may be made later.
    """
    trees = trees_of(files)
    found = []
    for analysis in analyses:
        tree = trees.get(analysis.language or "")
        if tree is None:
            continue
        for use in analysis.module_uses:
            problem = None if use.optional else tree.problem(analysis.path, use)
            if problem is not None:
                found.append(_finding(analysis.path, use, problem, tree.similar()))
    return tuple(sorted(found, key=lambda one: (one.path, one.line, one.column)))


def trees_of(files: Sequence[SourceText]) -> Mapping[str, Tree]:
    """The tree of each language whose imports are known, by its name."""
    known = declared_in(files)
    script = ScriptTree(files, known)
    return {
        "python": PythonTree([file.path for file in files], known),
        "javascript": script,
        "typescript": script,
        "tsx": script,
        "go": GoTree(files, known),
    }


def _finding(path: str, use: ModuleUse, problem: str, similar: list[str]) -> Finding:
    close = difflib.get_close_matches(use.module.split(".")[0], similar, n=1, cutoff=0.8)
    hint = f"; did you mean {close[0]}?" if close and close[0] != use.module else "."
    return Finding(
        rule=RULE,
        severity=Severity.HIGH,
        path=path,
        line=use.line,
        column=use.column,
        message=f"Cannot be imported: {problem}{hint}",
        tool="quantumlayer",
        help=_HELP,
    )
