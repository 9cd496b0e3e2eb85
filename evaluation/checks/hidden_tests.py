"""Steps that are tests in a library's own language, run as `check` runs a project's."""

import re
import shutil
import tempfile
from pathlib import Path

from evaluation.sentence import HiddenTest
from evaluation.subject import Subject
from quantumlayer.qtest import CaseOutcome, Verdict, run_tests
from quantumlayer.qtest.delivered import CannotTell

_CRATE = re.compile(r'^name\s*=\s*"([^"]+)"', re.MULTILINE)
_PACKAGE = re.compile(r"^package ([\w.]+);", re.MULTILINE)


async def wrong(step: HiddenTest, subject: Subject, cache: Path) -> str:
    """Why the tests of the file do not all pass. Raises CannotTell where none could be run."""
    with tempfile.TemporaryDirectory(prefix="ql-hidden-") as place:
        folder = Path(place) / "project"
        shutil.copytree(subject.folder, folder)
        target = folder / step.test
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_named(step.content, folder), encoding="utf-8")
        report = await run_tests(folder, cache=cache)
    if report.verdict is Verdict.INFRASTRUCTURE_ERROR:
        raise CannotTell(report.reason)
    # Its own tests are its own affair: only those of the file count. What fails within the library
    # is told at its place there, so that only its name says which file it is of.
    cases = [
        case
        for case in report.cases
        if case.path == step.test or case.name.startswith(f"{step.test}: ")
    ]
    if not cases:
        return f"{step.test}: its tests could not be run: {report.reason}"
    failed = [case for case in cases if case.outcome != CaseOutcome.PASSED]
    return "; ".join(f"{case.name}: {case.message[:200]}" for case in failed)


def _named(content: str, folder: Path) -> str:
    """The test with the names that the project gave itself.

    Those are `CRATE` and `_BINARY` in Rust, and `PACKAGE` in Java.
    """
    manifest = folder / "Cargo.toml"
    crate = _CRATE.search(manifest.read_text(encoding="utf-8")) if manifest.is_file() else None
    if crate:
        content = content.replace("_BINARY", f"_{crate[1]}")
        content = content.replace("CRATE::", f"{crate[1].replace('-', '_')}::")
    for source in sorted(folder.glob("src/main/java/**/*.java")):
        if found := _PACKAGE.search(source.read_text(encoding="utf-8")):
            return content.replace("PACKAGE", found[1])
    return content
