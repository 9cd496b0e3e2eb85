"""What the validator does to the outside world: it reads every file and weighs the evidence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel, ConfigDict
from temporalio import activity

from quantumlayer.agents import failure_signature, is_unwritten, outline, planned_names
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import FindingRow
from quantumlayer.parser import FileAnalysis, SourceText, project_findings
from quantumlayer.qlayer import Blueprint, SourceTree
from quantumlayer.qlayer.quality import (
    CodeSummary,
    DeliverySummary,
    Finding,
    RequirementState,
    Severity,
    assess,
    can_be_mended,
    delivered,
    lacks_change,
    lint_findings,
    policy_for,
    revised,
    summarize_code,
    syntax_findings,
)
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import MutationReport, TestReport, Verdict
from quantumlayer.worker.errors import step
from quantumlayer.worker.evidence import problems_of
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import Scope, Validated, ValidatorTask
from quantumlayer.worker.reviser.evidence import revision_of, weighed
from quantumlayer.worker.runtime import Runtime


class Validation(BaseModel):
    """What the validator found, and why the tree may not pass as it is.

    `delivery` is what was found out of it as delivered, None where that was not tried.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    findings: tuple[Finding, ...]
    code: CodeSummary | None = None
    delivery: DeliverySummary | None = None
    verdict: Verdict
    reasons: tuple[str, ...]


class ValidatorActivities:
    """The validator's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def validate_tree(self, task: ValidatorTask) -> Validated:
        """Source tree and test report → findings and what blocks a pass, stored and told."""
        scope, item = task.scope, f"tree-{task.round_number}"
        async with step(self._runtime.room):
            await agent_started(self._runtime, scope, "validator", item)
            blueprint = await self._runtime.fetch(task.blueprint, Blueprint)
            found, code = await read_files(self._runtime, task.scope, task.tree, blueprint)
            findings = await weighed(self._runtime, scope, found, blueprint)
            tests = await self._runtime.fetch(task.report, TestReport)
            climbed = await self._runtime.fetch_if_any(task.delivery, DeliverySummary)
            assessed = assess(
                await self._runtime.fetch(task.requirements, Requirements),
                blueprint,
                task.tree,
                findings,
                tests,
                policy_for(blueprint),
                mutation=await self._runtime.fetch_if_any(task.mutation, MutationReport),
                delivery=climbed,
            )
            revision = await revision_of(self._runtime, scope, task.tree, tests)
            report = revised(delivered(assessed, climbed), revision)
            address = await self._runtime.keep(
                Validation(
                    findings=report.findings,
                    code=code,
                    delivery=report.delivery,
                    verdict=report.verdict,
                    reasons=report.reasons,
                )
            )
            async with agent_finished(self._runtime, scope, "validator", item) as recording:
                await recording.replace_findings([_row(finding) for finding in report.findings])
                await recording.tell(
                    f"findings.ready/{task.round_number}",
                    EventType.FINDINGS_READY,
                    {
                        "round": task.round_number,
                        "total": len(report.findings),
                        "bySeverity": Counter(one.severity.value for one in report.findings),
                        "verdict": report.verdict.value,
                        "reasons": list(report.reasons),
                    },
                )
            blocking = problems_of(
                report.findings,
                tests,
                report.delivery,
                report.reasons,
            )
            passed = report.verdict is Verdict.PASSED
            repairs = self._runtime.traits(scope.model).repairs
            return Validated(
                validation=address,
                verdict=report.verdict,
                signature="" if passed else failure_signature(report.reasons),
                mendable=repairs
                and (
                    report.verdict is not Verdict.INCOMPLETE
                    or can_be_mended(report)
                    or lacks_change(report)
                ),
                blocking=0 if passed else len(blocking),
                proved=sum(one.state is RequirementState.PROVED for one in report.requirements),
            )


async def read_files(
    runtime: Runtime, scope: Scope, tree: SourceTree, blueprint: Blueprint | None
) -> tuple[tuple[Finding, ...], CodeSummary | None]:
    """What compilers, linters, rules and manifests say of `tree`, and how its code measures.

    What is planned and missing is among it, where there is a plan.
    """
    texts = await runtime.texts(tree.addresses())
    sources = [SourceText(path=path, content=content) for path, content in texts.items()]
    analyses = await runtime.parser.analyze(sources)
    registries = runtime.registries_for(scope)
    found = await project_findings(sources, analyses, registries=registries)
    said = (*syntax_findings(analyses), *lint_findings(found))
    missing = left_out(blueprint, texts, analyses) if blueprint else ()
    return (*said, *missing), summarize_code(analyses)


def left_out(
    blueprint: Blueprint, texts: Mapping[str, str], analyses: Iterable[FileAnalysis]
) -> Iterator[Finding]:
    """Functions that were planned, and are there in name only: nothing that holds them passes.

    Where the plan names none, all those of an interface, or whose bodies nobody has written.
    """
    planned = {file.path: planned_names(file) for file in blueprint.files}
    for analysis in (one for one in analyses if one.path in planned):
        text = texts[analysis.path]
        hollow = outline(text, analysis).hollow or {}
        unwritten = tuple(hollow) if blueprint.stack or is_unwritten(text) else ()
        for name in planned[analysis.path] or unwritten:
            if name in hollow:
                yield Finding(
                    rule="left-out",
                    severity=Severity.HIGH,
                    path=analysis.path,
                    line=hollow[name],
                    message=f"`{name}` is planned, and nothing stands in it.",
                    tool="plan",
                )


def _row(finding: Finding) -> FindingRow:
    return FindingRow(
        rule=finding.rule,
        severity=finding.severity.value,
        path=finding.path,
        line=finding.line,
        column=finding.column,
        message=finding.message,
        fix=finding.fix,
        tool=finding.tool,
    )
