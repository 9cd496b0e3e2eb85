"""A small library service as the engine's nouns: for tests of reports, packaging and capsules."""

import hashlib
from collections.abc import Mapping

from quantumlayer.qlayer import (
    Blueprint,
    Dependency,
    EnvironmentVariable,
    FileRole,
    PlannedFile,
    SourceFile,
    SourceTree,
)
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
    Unclear,
)
from quantumlayer.qtest import (
    CaseOutcome,
    Coverage,
    FileCoverage,
    TestCase,
    TestReport,
    Verdict,
)

LOCK = b"""\
# Locked with hashes.
annotated-types==0.7.0 \\
    --hash=sha256:1f02e8b43a8fbbc3f3e0d4f0f4bfc8131bcb4eebe8849b8e5c773f3a1c582a53 \\
    --hash=sha256:aff07c09a53a08bc8cfccb9c85b05f1aa9a2a6f23728d790723543408344ce89
    # via pydantic
fastapi==0.115.0 \\
    --hash=sha256:17ea427674467486e997206a5ab25760f6b09e069f099b96f5b55a32fb6f1631
    # via -r requirements.in
pydantic==2.9.2 ; python_version >= "3.9" \\
    --hash=sha256:f048cec7b26778210e28a0459867920654d48e5e62db0958433636cde4254f12
    # via
    #   -r requirements.in
    #   fastapi
"""

CONTENTS: Mapping[str, bytes] = {
    "README.md": b"# Library service\n\nLends books.\n",
    "library/__init__.py": b'"""Lends books."""\n',
    "library/app.py": b'"""The application."""\n\nMAXIMUM = 5\n',
    "library/loans.py": b'"""Loans."""\n\n\ndef lend(book, member):\n    return book, member\n',
    "requirements-dev.txt": b"pytest==8.3.3\n",
    "requirements.txt": LOCK,
    "tests/test_loans.py": b"def test_r2_members_can_have_at_most_5_open_loans():\n    assert 5\n",
}


def requirements() -> Requirements:
    """Three requirements, all of them understood."""
    return partly_understood().model_copy(update={"not_understood": ()})


def partly_understood() -> Requirements:
    """Three requirements and one part that was not understood."""
    return Requirements(
        name="library-service",
        title="Library service",
        summary="Lends books to members, and never more than five at a time.",
        kind=ApplicationKind.SERVICE,
        language=Language.PYTHON,
        items=(
            Requirement(
                id="R1",
                category=RequirementCategory.ENTITY,
                statement="Books have a title, an author and an ISBN.",
                source="books with title, author and isbn",
            ),
            Requirement(
                id="R2",
                category=RequirementCategory.RULE,
                statement="Members can have at most 5 open loans.",
                source="Members can have at most 5 open loans",
            ),
            Requirement(
                id="R3",
                category=RequirementCategory.QUALITY,
                statement="Every error is a problem document (RFC 9457).",
            ),
        ),
        assumptions=("A loan is open until it has a return date.",),
        not_understood=(
            Unclear(text="make it pop <script>", reason="Not a property of a service."),
        ),
    )


def blueprint() -> Blueprint:
    """The plan that `tree` follows."""
    source, test = FileRole.SOURCE, FileRole.TEST
    return Blueprint(
        name="library-service",
        kind=ApplicationKind.SERVICE,
        language=Language.PYTHON,
        framework="fastapi",
        summary="Lends books to members.",
        files=(
            PlannedFile(path="library/__init__.py", role=source, purpose="The package."),
            PlannedFile(
                path="library/loans.py", role=source, purpose="Loans.", requirements=("R2",)
            ),
            PlannedFile(
                path="library/app.py",
                role=source,
                purpose="Routes.",
                depends_on=("library/loans.py",),
                requirements=("R1", "R3"),
            ),
            PlannedFile(
                path="tests/test_loans.py", role=test, purpose="Loans.", requirements=("R1", "R2")
            ),
        ),
        dependencies=(Dependency(name="fastapi", specifier=">=0.115,<1"),),
        environment=(
            EnvironmentVariable(name="PORT", default="8000", description="Where it listens."),
            EnvironmentVariable(
                name="DATABASE_PATH", default="library.db", description="The SQLite file."
            ),
        ),
        run_command=("python", "-m", "library.app"),
        test_command=("python", "-m", "pytest"),
        port=8000,
    )


def role_of(path: str) -> FileRole:
    """The role of a file of `CONTENTS`."""
    if path.startswith("tests/"):
        return FileRole.TEST
    if path.endswith(".txt"):
        return FileRole.CONFIGURATION
    return FileRole.DOCUMENTATION if path.endswith(".md") else FileRole.SOURCE


def tree(contents: Mapping[str, bytes] = CONTENTS) -> SourceTree:
    """The tree of `contents`, with the blueprint's requirements."""
    planned = {file.path: file.requirements for file in blueprint().files}
    return SourceTree(
        files=tuple(
            SourceFile(
                path=path,
                sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                role=role_of(path),
                origin="tester" if role_of(path) is FileRole.TEST else "generator",
                requirements=planned.get(path, ()),
            )
            for path, data in sorted(contents.items())
        )
    )


def case(name: str, outcome: CaseOutcome = CaseOutcome.PASSED, **more: str | int) -> TestCase:
    """One test of tests/test_loans.py."""
    return TestCase.model_validate(
        {"name": name, "path": "tests/test_loans.py", "outcome": outcome, "line": 1} | more
    )


def passed_tests() -> TestReport:
    """Every test passed; R1 and R2 are proved."""
    cases = (
        case("test_r1_books_have_a_title"),
        case("test_r2_members_can_have_at_most_5_open_loans", line=5, duration_seconds=1),
    )
    return report(cases, Verdict.PASSED)


def failed_tests() -> TestReport:
    """The test of R2 failed, with evidence that varies from run to run."""
    cases = (
        case("test_r1_books_have_a_title"),
        case(
            "test_r2_members_can_have_at_most_5_open_loans",
            CaseOutcome.FAILED,
            line=5,
            message="assert 201 == 409",
            details=(
                "E   assert 201 == 409 <Response at 0x7f5510116050>\n/tmp/run-1x/app.py:5: in 0.13s"
            ),
        ),
    )
    return report(cases, Verdict.FAILED)


def report(cases: tuple[TestCase, ...], verdict: Verdict) -> TestReport:
    """A report whose figures follow from its cases."""
    count = {outcome: sum(one.outcome is outcome for one in cases) for outcome in CaseOutcome}
    executed = len(cases) - count[CaseOutcome.SKIPPED] - count[CaseOutcome.XFAILED]
    return TestReport(
        verdict=verdict,
        reason=f"{executed} tests executed in 0.41 s",
        runner="pytest",
        language="python",
        executed=executed,
        passed=count[CaseOutcome.PASSED],
        failed=count[CaseOutcome.FAILED],
        errors=count[CaseOutcome.ERROR],
        skipped=count[CaseOutcome.SKIPPED] + count[CaseOutcome.XFAILED],
        cases=cases,
        coverage=Coverage(
            lines_percent=92.345,
            branches_percent=88.0,
            files=(
                FileCoverage(path="library/app.py", lines_percent=95.0, missing_lines=(7,)),
                FileCoverage(
                    path="library/loans.py", lines_percent=71.25, missing_lines=(3, 4, 5, 9)
                ),
            ),
        ),
        sandbox="bubblewrap",
        elapsed_seconds=0.41,
    )
