"""Packages that a model made up are caught before anything is installed."""

from quantumlayer.parser import Registries, Severity, SourceText, check_dependencies
from quantumlayer.qtest import Diagnostic, TestReport, Verdict
from quantumlayer.worker.nouns import TreeTask
from quantumlayer.worker.runtime import Runtime


async def refused_dependencies(runtime: Runtime, task: TreeTask) -> TestReport | None:
    """Why the packages that `task` declares must not be installed; None where they may.

    Registries are asked only where the runtime has some and a language model chose the packages.
    """
    registries = runtime.registries_for(task.scope)
    if registries is None:
        return None
    texts = await runtime.texts(task.tree.addresses())
    files = [SourceText(path=path, content=content) for path, content in texts.items()]
    return report_of(await dubious(files, registries))


async def dubious(files: list[SourceText], registries: Registries) -> tuple[Diagnostic, ...]:
    """What is declared, but is not there or was first published within the last days."""
    report = await check_dependencies(files, registries)
    return tuple(
        Diagnostic(path=one.path, line=one.line, column=one.column, message=one.message)
        for one in report.findings
        if one.severity is Severity.HIGH
    )


def answered_for(report: TestReport) -> TestReport:
    """The report on what a language model wrote: it chose what cannot be had here.

    Of a stranger's project nothing is found out then; a model can be asked for another choice.
    """
    if report.verdict is not Verdict.INFRASTRUCTURE_ERROR:
        return report
    return report_of(report.undetermined, "the project asks for what cannot be had") or report


def report_of(
    diagnostics: tuple[Diagnostic, ...],
    why: str = "the project declares packages that cannot be trusted",
) -> TestReport | None:
    """The report of a run that was not begun."""
    if not diagnostics:
        return None
    said = "\n".join(f"{one.path}:{one.line}: {one.message}" for one in diagnostics)
    return TestReport(
        verdict=Verdict.FAILED,
        reason=f"Nothing was installed: {why}.",
        runner="",
        language="",
        diagnostics=diagnostics,
        output=said,
    )
