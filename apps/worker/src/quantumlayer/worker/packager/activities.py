"""What the packager does to the outside world: delivery files, and the capsule itself."""

import asyncio
from decimal import Decimal
from importlib import metadata
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import CapsuleRow
from quantumlayer.core.runs.tables import Run
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer import capsule as capsules
from quantumlayer.qlayer.quality import (
    QualityReport,
    Review,
    assess,
    delivered,
    pictures_of,
    policy_for,
    revised,
)
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.revision.report import Revision
from quantumlayer.qtest import MutationReport, TestReport
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import agent_finished, agent_started, file_written
from quantumlayer.worker.nouns import Delivered, DeliveryTask, Packaged, PackageTask, Reading
from quantumlayer.worker.packager.delivery import PACKAGER, make_delivery_files
from quantumlayer.worker.packager.record import record_of
from quantumlayer.worker.reviser.evidence import revision_of, weighed
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
                    await file_written(recording, file)
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
            checked = await asyncio.to_thread(capsules.verify_capsule, capsule)
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
                if quality.revision is not None:
                    await recording.tell(
                        "revision.made", EventType.REVISION_MADE, _told(quality.revision)
                    )
                if task.tests_stay:
                    await recording.tell(
                        "tests.stayed", EventType.TESTS_STAYED, {"reason": task.tests_stay}
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
            found, code = await read_files(runtime, task.scope, task.tree, blueprint)
            findings = await weighed(runtime, task.scope, found, blueprint)
        assessed = assess(
            await runtime.fetch(task.requirements, Requirements),
            blueprint,
            task.tree,
            findings,
            report,
            policy_for(blueprint),
            mutation=await runtime.fetch_if_any(task.mutation, MutationReport),
            delivery=delivery,
        )
        revision = await revision_of(runtime, task.scope, task.tree, report)
        quality = revised(delivered(assessed, delivery), revision).model_copy(
            update={
                "code": code,
                "repair_rounds": task.repair_rounds,
                "notes": (*assessed.notes, *filter(None, [task.tests_stay])),
                "reviews": tuple([await self._review(one) for one in task.readings]),
            }
        )
        if task.trouble is None or task.trouble_verdict is None:
            return quality
        reasons = (task.trouble, *quality.reasons)
        return quality.model_copy(update={"verdict": task.trouble_verdict, "reasons": reasons})

    async def _review(self, reading: Reading) -> Review:
        review = await self._runtime.fetch_if_any(reading.review, Review) or Review()
        told = {"heeded": reading.heeded, "unknown": reading.unknown}
        return review.model_copy(update=told)

    async def _build(self, task: PackageTask, run: Run, quality: QualityReport) -> bytes:
        runtime = self._runtime
        contents = {file.path: await runtime.objects.get(file.sha256) for file in task.tree.files}
        calls = await runtime.calls(task.scope)
        inputs = capsules.CapsuleInputs(
            requirements=await runtime.fetch(task.requirements, Requirements),
            blueprint=await runtime.fetch(task.blueprint, Blueprint),
            tree=task.tree,
            contents=contents,
            quality=quality,
            prompt=run.prompt,
            model=run.model,
            generator_version=metadata.version("quantumlayer-worker"),
            run=record_of(run, calls, finished_at=now()),
            signing_key=await asyncio.to_thread(
                capsules.load_or_create_signing_key, runtime.signing_key_file
            ),
            pictures={
                one.file: await runtime.objects.get(one.sha256)
                for one in pictures_of(quality.delivery)
                if one.sha256
            },
        )
        return await asyncio.to_thread(capsules.build_capsule, inputs)


def _told(revision: Revision) -> dict[str, Any]:
    change = revision.requirements
    return {
        "requirements": {
            "added": [one.id for one in change.added],
            "changed": [one.after.id for one in change.changed],
            "removed": [one.id for one in change.removed],
            "kept": len(change.kept),
        },
        "files": [
            {
                "path": one.path,
                "change": one.change,
                "linesAdded": one.lines_added,
                "linesRemoved": one.lines_removed,
            }
            for one in revision.files
        ],
        "edits": list(revision.edits.paths),
    }


def _coverage(quality: QualityReport) -> Decimal | None:
    return Decimal(str(quality.coverage.lines_percent)) if quality.coverage else None


def _mutation_score(quality: QualityReport) -> Decimal | None:
    score = quality.mutation.score if quality.mutation else None
    return None if score is None else Decimal(str(score))
