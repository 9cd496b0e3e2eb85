"""What the packager does to the outside world: delivery files, and the capsule itself."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from importlib import metadata
from itertools import groupby

from temporalio import activity
from temporalio.exceptions import ApplicationError

from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import CapsuleRow
from quantumlayer.core.runs.tables import Run
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.capsule import (
    CapsuleInputs,
    ModelUsage,
    RunRecord,
    build_capsule,
    load_or_create_signing_key,
    verify_capsule,
)
from quantumlayer.qlayer.quality import (
    QualityReport,
    assess,
    delivered,
    pictures_of,
)
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import MutationReport, TestReport
from quantumlayer.router import CallRecord
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import Delivered, DeliveryTask, Packaged, PackageTask
from quantumlayer.worker.packager.delivery import PACKAGER, make_delivery_files
from quantumlayer.worker.runtime import Runtime, show_files
from quantumlayer.worker.validator.activities import Validation, read_files

_AGENT = PACKAGER


class PackagerActivities:
    """The packager's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def write_delivery_files(self, task: DeliveryTask) -> Delivered:
        """Blueprint → lock files, image, manifests and CI, where it plans none itself."""
        scope = task.scope
        async with step():
            await agent_started(self._runtime, scope, _AGENT, "delivery")
            made = await make_delivery_files(
                await self._runtime.fetch(task.requirements, Requirements),
                await self._runtime.fetch(task.blueprint, Blueprint),
                self._runtime.resolve,
            )
            files = tuple(
                [
                    await self._runtime.keep_file(file.path, file.content, file.role, _AGENT, ())
                    for file in made
                ]
            )
            async with agent_finished(self._runtime, scope, _AGENT, "delivery") as recording:
                await show_files(recording, files)
                for file in files:
                    await recording.tell(
                        f"file.written/{file.path}",
                        EventType.FILE_WRITTEN,
                        {
                            "path": file.path,
                            "size": file.size,
                            "role": file.role.value,
                            "origin": _AGENT,
                        },
                    )
            return Delivered(files=files)

    @activity.defn
    async def package_capsule(self, task: PackageTask) -> Packaged:
        """Evidence → verdict → capsule, verified before it is stored, and told."""
        scope = task.scope
        async with step():
            await agent_started(self._runtime, scope, _AGENT, "capsule")
            run = await self._runtime.recorder.load(scope.organisation_id, scope.run_id)
            quality = await self._assess(task)
            capsule = await self._build(task, run, quality)
            checked = await asyncio.to_thread(verify_capsule, capsule)
            if not checked.ok:
                raise ApplicationError(
                    f"the capsule does not verify: {'; '.join(checked.problems)}",
                    type="CapsuleRefused",
                    non_retryable=True,
                )
            address = await self._runtime.objects.put(capsule)
            report = await self._runtime.keep(quality)
            reason = " ".join(quality.reasons)
            file_name = f"{quality.name}.capsule.zip"
            async with agent_finished(self._runtime, scope, _AGENT, "capsule") as recording:
                await show_files(recording, task.tree.files)
                recording.run.quality_report_object = report
                recording.run.coverage = _coverage(quality)
                recording.run.mutation_score = _mutation_score(quality)
                await recording.put_capsule(
                    CapsuleRow(
                        sha256=address,
                        size=len(capsule),
                        file_name=file_name,
                        verdict=quality.verdict.value,
                        signer=checked.signer or "",
                    )
                )
                await recording.tell(
                    "quality.assessed",
                    EventType.QUALITY_ASSESSED,
                    {"verdict": quality.verdict.value, "reasons": list(quality.reasons)},
                )
                await recording.tell(
                    "capsule.ready",
                    EventType.CAPSULE_READY,
                    {"sha256": address, "size": len(capsule), "fileName": file_name},
                )
            return Packaged(capsule=address, verdict=quality.verdict, reason=reason)

    async def _assess(self, task: PackageTask) -> QualityReport:
        """The report; trouble that kept the run from its end overrules what was seen of it."""
        runtime = self._runtime
        report = await runtime.fetch_if_any(task.report, TestReport)
        blueprint = await runtime.fetch(task.blueprint, Blueprint)
        if task.validation:
            validation = await runtime.fetch(task.validation, Validation)
            findings, code, delivery = validation.findings, validation.code, validation.delivery
        else:
            delivery = None
            findings, code = await read_files(runtime, task.scope, task.tree, blueprint)
        assessed = assess(
            await runtime.fetch(task.requirements, Requirements),
            blueprint,
            task.tree,
            findings,
            report,
            mutation=await runtime.fetch_if_any(task.mutation, MutationReport),
            delivery=delivery,
        )
        quality = delivered(assessed, delivery).model_copy(
            update={"code": code, "repair_rounds": task.repair_rounds}
        )
        if task.trouble is None or task.trouble_verdict is None:
            return quality
        reasons = (task.trouble, *quality.reasons)
        return quality.model_copy(update={"verdict": task.trouble_verdict, "reasons": reasons})

    async def _build(self, task: PackageTask, run: Run, quality: QualityReport) -> bytes:
        runtime = self._runtime
        contents = {file.path: await runtime.objects.get(file.sha256) for file in task.tree.files}
        calls = await runtime.calls(task.scope)
        inputs = CapsuleInputs(
            requirements=await runtime.fetch(task.requirements, Requirements),
            blueprint=await runtime.fetch(task.blueprint, Blueprint),
            tree=task.tree,
            contents=contents,
            quality=quality,
            prompt=run.prompt,
            model=run.model,
            generator_version=metadata.version("quantumlayer-worker"),
            run=_record(run, calls, finished_at=now()),
            signing_key=await asyncio.to_thread(
                load_or_create_signing_key, runtime.signing_key_file
            ),
            pictures={
                one.file: await runtime.objects.get(one.sha256)
                for one in pictures_of(quality.delivery)
                if one.sha256
            },
        )
        return await asyncio.to_thread(build_capsule, inputs)


def _record(run: Run, calls: Iterable[CallRecord], *, finished_at: datetime) -> RunRecord:
    ordered = sorted(calls, key=lambda call: (call.task, call.model))
    groups = [list(group) for _, group in groupby(ordered, lambda call: (call.task, call.model))]
    return RunRecord(
        run_id=str(run.id),
        started_at=run.started_at or run.created_at,
        finished_at=finished_at,
        cost_usd=run.cost_usd,
        usage=tuple(
            ModelUsage(
                task=group[0].task,
                model=group[0].model,
                calls=len(group),
                input_tokens=sum(call.input_tokens for call in group),
                output_tokens=sum(call.output_tokens for call in group),
                cost_usd=sum((call.cost_usd for call in group), Decimal(0)),
            )
            for group in groups
        ),
    )


def _coverage(quality: QualityReport) -> Decimal | None:
    return Decimal(str(quality.coverage.lines_percent)) if quality.coverage else None


def _mutation_score(quality: QualityReport) -> Decimal | None:
    score = quality.mutation.score if quality.mutation else None
    return None if score is None else Decimal(str(score))
