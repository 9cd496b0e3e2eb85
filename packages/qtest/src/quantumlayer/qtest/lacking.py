"""Python tests that fail for want of something that was not installed: whose fault is that?

What a manifest asks for and does not get, or what could not be read in it, is not the project's
fault: then nothing was found out. What no manifest speaks of is.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from quantumlayer.manifests import CompiledModule, OfferedGroup, Shortfall, normalised, provided
from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.python import names_in
from quantumlayer.qtest.model import CaseOutcome, TestCase, TestReport, Verdict
from quantumlayer.qtest.project import file_paths
from quantumlayer.qtest.unbuilt import absent, gone_without, named_absent
from quantumlayer.qtest.unbuilt import told as told_of

_MODULE = re.compile(r"(?:No module named|could not import) '(?P<name>[\w.]+)'")
_DISTRIBUTION = re.compile(
    r"PackageNotFoundError: (?:No package metadata was found for )?(?P<name>[\w.-]+)"
)
_OF_PLUGINS = re.compile(
    r"fixture '\w+' not found|unrecognized arguments|Unknown config option|'\w+' not found in "
    r"`markers`|Missing required plugins|async def functions are not natively supported"
    r"|PytestUnknownMarkWarning"
)
# What a build makes of them is imported under their names.
_COMPILED = (".c", ".cc", ".cpp", ".cxx", ".pyx", ".pyx.in", ".rs", ".m", ".f90", ".pxd")
_BROKEN = (CaseOutcome.FAILED, CaseOutcome.ERROR)


def modules_lacking(report: TestReport) -> frozenset[str]:
    """The modules that tests asked for in vain, those that were skipped for it included."""
    return frozenset(
        match["name"]
        for case in report.cases
        if case.outcome is not CaseOutcome.PASSED
        for match in _MODULE.finditer(f"{case.message}\n{case.details}")
    )


def groups_for(report: TestReport, environment: Environment) -> tuple[OfferedGroup, ...]:
    """The offered groups of requirements that bring what tests asked for in vain."""
    tops = {name.partition(".")[0] for name in modules_lacking(report)}
    return tuple(one for one in environment.offered if tops & brought(one.requirements))


def brought(requirements: Iterable[str]) -> frozenset[str]:
    return provided(names_in("\n".join(requirements)))


def explained(
    report: TestReport, environment: Environment, project: Path, *, believed: bool = True
) -> TestReport:
    """The report; `infrastructure_error` where all that failed did so for want of something that
    the project asks for, or that its manifests may ask for where they could not be read, or may
    have, since its own code goes on without a module that only its build makes. The last is not
    said of a run that is not `believed`."""
    if report.verdict not in (Verdict.FAILED, Verdict.NO_TESTS) or report.diagnostics:
        return report
    wanting = _BROKEN if report.verdict is Verdict.FAILED else (CaseOutcome.SKIPPED,)
    concerned = [case for case in report.cases if case.outcome in wanting]
    paths = frozenset(file_paths(project)) if concerned else frozenset[str]()
    lacking = absent(environment.compiled, paths)
    reasons = [reason_for(case, environment.shortfalls, lacking, paths) for case in concerned]
    if not all(reasons) and believed and report.verdict is Verdict.FAILED:
        without = gone_without(project, sorted(paths), lacking)
        if without is not None:
            reasons = [f"tests failed, and {told_of(without)}, which is not run here"]
    if not reasons or not all(reasons):
        return report
    reason = f"Nothing was found out: {reasons[0]}."
    return report.model_copy(update={"verdict": Verdict.INFRASTRUCTURE_ERROR, "reason": reason})


def reason_for(
    case: TestCase,
    shortfalls: Sequence[Shortfall],
    lacking: Sequence[CompiledModule],
    paths: frozenset[str],
) -> str:
    """Why a test could not be run, when that is not the project's fault; else nothing."""
    said = f"{case.message}\n{case.details}"
    modules = [match["name"] for match in _MODULE.finditer(said)]
    if unbuilt := named_absent(said, modules[-1] if modules else "", lacking):
        return unbuilt
    if modules:
        return of_module(modules[-1], shortfalls, paths)
    distribution = _DISTRIBUTION.search(said)
    if distribution:
        name = normalised(distribution["name"])
        return told(f"`{distribution['name']}`", [s for s in shortfalls if name in s.provides])
    if _OF_PLUGINS.search(said):
        found = [s for s in shortfalls if not s.provides or any("pytest" in p for p in s.provides)]
        return told("a plugin of pytest", found)
    return ""


def of_module(name: str, shortfalls: Sequence[Shortfall], paths: frozenset[str]) -> str:
    """The same for a module that cannot be loaded."""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return f"this machine's Python was built without `{top}`"
    known = [one for one in shortfalls if top in provided(one.provides)]
    if known:
        return told(f"`{top}`", known)
    inside = name.replace(".", "/")
    built = [path for path in paths if _made_by_build(path, inside)]
    if built:
        return f"`{name}` is compiled from {built[0]}, and nothing is built here"
    if any(f"/{path}".endswith((f"/{top}.py", f"/{top}/__init__.py")) for path in paths):
        return ""
    return told(f"`{top}`", [one for one in shortfalls if not one.provides])


def _made_by_build(path: str, module: str) -> bool:
    stem = path.partition(".")[0]
    named = stem == module or stem.endswith((f"/{module}", f"/{module.rpartition('/')[2]}"))
    return named and path.endswith(_COMPILED)


def told(what: str, found: Sequence[Shortfall]) -> str:
    return f"{what} is not installed: {found[0].place}: {found[0].reason}" if found else ""
