"""A run, with everything that can be asked about it."""

# Strawberry types its decorators with arguments as Any.
# mypy: disable-error-code="untyped-decorator"

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from quantumlayer.api.errors import ApiError, ErrorCode, bad_input
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.artefacts import (
    Capsule,
    Finding,
    RunEvent,
    SourceFile,
    TestCase,
    TestSummary,
)
from quantumlayer.api.graphql.types.changes import RunChanges
from quantumlayer.api.graphql.types.delivery import Delivery
from quantumlayer.api.graphql.types.documents import document, missing_in
from quantumlayer.api.graphql.types.model_usage import ModelUsage
from quantumlayer.api.graphql.types.project import Project
from quantumlayer.api.graphql.types.proof import Proof
from quantumlayer.api.graphql.types.question import Question
from quantumlayer.api.graphql.types.scalars import RunStatus, Verdict
from quantumlayer.core.database import now
from quantumlayer.core.runs.tables import Run as RunRow

MAX_EVENTS = 500


@strawberry.type(description="One generation: from a prompt to a capsule.")
class Run:
    """One generation: from a prompt to a capsule."""

    row: strawberry.Private[RunRow]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """The run's id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def prompt(self) -> str:
        """What was asked for."""
        return self.row.prompt

    @strawberry.field(description="The application's name, once it is understood.")
    def title(self) -> str | None:
        """The application's name, once it is understood."""
        return self.row.title

    @strawberry.field(description="The language that was asked for; null leaves the choice open.")
    def language(self) -> str | None:
        """The language that was asked for."""
        return self.row.language

    @strawberry.field
    def model(self) -> str:
        """The model that answers the agents."""
        return self.row.model

    @strawberry.field(description="Whether what is not understood of the prompt may be left out.")
    def accept_partial(self) -> bool:
        """Whether what is not understood of the prompt may be left out."""
        return self.row.accept_partial

    @strawberry.field
    def idempotency_key(self) -> str:
        """The key under which the run was asked for."""
        return self.row.idempotency_key

    @strawberry.field(description="What the run may spend.")
    def limits(self) -> JSON:
        """What the run may spend."""
        return JSON(self.row.limits)

    @strawberry.field
    def status(self) -> RunStatus:
        """Where the run stands."""
        return RunStatus(self.row.status)

    @strawberry.field(description="Null until the run has finished.")
    def verdict(self) -> Verdict | None:
        """What the run has proved; None until it has finished."""
        return Verdict(self.row.verdict) if self.row.verdict else None

    @strawberry.field(description="Why the verdict is what it is, or why the run was cancelled.")
    def reason(self) -> str | None:
        """Why the verdict is what it is."""
        return self.row.reason

    @strawberry.field(description="A sentence for each thing that was asked for and is not there.")
    async def missing(self, info: Info) -> list[str]:
        """A sentence for each thing that was asked for and is not there; none before the end."""
        return missing_in(await document(info, self.row.quality_report_object))

    @strawberry.field(description="What the run asks, or asked; null where all is served.")
    async def question(self, info: Info) -> Question | None:
        """What the run asks, or asked, about a wish that no stack serves."""
        asked = await info.context.loaders.questions.load(self.row.id)
        return Question.of(asked) if asked else None

    @strawberry.field(description="What has a known price; `modelUsage` says what has none.")
    def cost_usd(self) -> float:
        """What the models have cost so far."""
        return float(self.row.cost_usd)

    @strawberry.field(description="What models were used for; null as long as none was asked.")
    async def model_usage(self, info: Info) -> ModelUsage | None:
        """What models were used for; None as long as none was asked."""
        usage = await info.context.loaders.usages.load(self.row.id)
        return ModelUsage.of(usage) if usage else None

    @strawberry.field(description="Percent of the generated code's lines that its tests run.")
    def coverage(self) -> float | None:
        """Percent of the generated code's lines that its tests run."""
        return None if self.row.coverage is None else float(self.row.coverage)

    @strawberry.field(description="Percent of small changes to the code that its tests notice.")
    def mutation_score(self) -> float | None:
        """Percent of small changes to the code that its tests notice."""
        score = self.row.mutation_score
        return None if score is None else float(score)

    @strawberry.field(description="The number of the last event so far.")
    def last_event(self) -> int:
        """The number of the last event so far."""
        return self.row.last_event

    @strawberry.field
    def created_at(self) -> datetime:
        """When it was asked for."""
        return self.row.created_at

    @strawberry.field
    def started_at(self) -> datetime | None:
        """When a worker took it up."""
        return self.row.started_at

    @strawberry.field
    def finished_at(self) -> datetime | None:
        """When it ended."""
        return self.row.finished_at

    @strawberry.field(description="From the request to the first written file.")
    def time_to_first_file_seconds(self) -> float | None:
        """Seconds from the request to the first written file."""
        moment = self.row.first_file_at
        return None if moment is None else (moment - self.row.created_at).total_seconds()

    @strawberry.field(description="From the request to the end, or to now.")
    def elapsed_seconds(self) -> float:
        """Seconds from the request to the end, or to now."""
        return ((self.row.finished_at or now()) - self.row.created_at).total_seconds()

    @strawberry.field(description="The run as a workflow in Temporal's UI.")
    def temporal_url(self, info: Info) -> str | None:
        """The run as a workflow in Temporal's UI; None where there is none."""
        return info.context.services.workflow_url(self.row.id, self.row.prompt)

    @strawberry.field
    async def project(self, info: Info) -> Project:
        """The project that the run belongs to."""
        row = await info.context.loaders.projects.load(self.row.project_id)
        if row is None:
            raise ApiError(ErrorCode.NOT_FOUND, "The run's project is gone.")
        return Project.of(row)

    @strawberry.field
    async def files(self, info: Info) -> list[SourceFile]:
        """The source tree as it stands now, by path."""
        rows = await info.context.loaders.files.load(self.row.id)
        return [SourceFile.of(row) for row in rows or []]

    @strawberry.field(description="One file by its path.")
    async def file(self, info: Info, path: str) -> SourceFile | None:
        """One file by its path."""
        rows = await info.context.loaders.files.load(self.row.id)
        return next((SourceFile.of(row) for row in rows or [] if row.path == path), None)

    @strawberry.field
    async def findings(self, info: Info) -> list[Finding]:
        """What the validator found in the final tree."""
        rows = await info.context.loaders.findings.load(self.row.id)
        return [Finding.of(row) for row in rows or []]

    @strawberry.field
    async def tests(self, info: Info) -> list[TestCase]:
        """The test cases of the last test report."""
        rows = await info.context.loaders.tests.load(self.row.id)
        return [TestCase.of(row) for row in rows or []]

    @strawberry.field(description="Null as long as no tests have been run.")
    async def test_summary(self, info: Info) -> TestSummary | None:
        """How many tests ended how."""
        counts = await info.context.loaders.test_counts.load(self.row.id)
        return TestSummary.of(counts) if counts else None

    @strawberry.field(description="Null until the run is packaged.")
    async def capsule(self, info: Info) -> Capsule | None:
        """The packaged result."""
        row = await info.context.loaders.capsules.load(self.row.id)
        return Capsule.of(row, info.context.services.base_url) if row else None

    @strawberry.field(description="At most 500 events with numbers greater than `after`.")
    async def events(
        self,
        info: Info,
        after: int = 0,
        first: Annotated[int, strawberry.argument(description="1 to 500")] = 100,
    ) -> list[RunEvent]:
        """The run's story, from the event after number `after`."""
        if not 1 <= first <= MAX_EVENTS:
            raise bad_input(f"`first` must be 1 to {MAX_EVENTS}.")
        events = await info.context.services.events.read(
            info.context.organisation_id, self.row.id, max(0, after), first
        )
        return [RunEvent.of(event) for event in events]

    @strawberry.field(description="The requirements document.")
    async def requirements(self, info: Info) -> JSON | None:
        """The requirements document."""
        return await document(info, self.row.requirements_object)

    @strawberry.field(description="The plan of the source tree.")
    async def blueprint(self, info: Info) -> JSON | None:
        """The plan of the source tree."""
        return await document(info, self.row.blueprint_object)

    @strawberry.field(description="All that was checked, and the verdict's reasons.")
    async def quality_report(self, info: Info) -> JSON | None:
        """All that was checked, and the verdict's reasons."""
        return await document(info, self.row.quality_report_object)

    @strawberry.field(description="The run whose version this one changes; null of a new one.")
    async def parent(self, info: Info) -> "Run | None":
        """The run whose version this one changes."""
        if self.row.parent_id is None:
            return None
        row = await info.context.loaders.runs.load(self.row.parent_id)
        return Run(row=row) if row else None

    @strawberry.field(description="All versions that go back to the same first one, oldest first.")
    async def versions(self, info: Info) -> "list[Run]":
        """All versions that go back to the same first one, this one among them."""
        rows = await info.context.loaders.versions.load(self.row.id)
        return [Run(row=row) for row in rows or ()]

    @strawberry.field(description="Null of what was made anew, and until the run is packaged.")
    async def changes(self, info: Info) -> RunChanges | None:
        """What was changed of the version before."""
        return RunChanges.of(await document(info, self.row.quality_report_object))

    @strawberry.field(description="How far each requirement is proved; empty before the end.")
    async def proofs(self, info: Info) -> list[Proof]:
        """How far each requirement is proved; none before the run is packaged."""
        return Proof.all_of(await document(info, self.row.quality_report_object))

    @strawberry.field(description="Null until the run is packaged, and where nothing was started.")
    async def delivery(self, info: Info) -> Delivery | None:
        """What was found out of the software as it is delivered."""
        url = f"{info.context.services.base_url}/v1/runs/{self.row.id}"
        return Delivery.of(await document(info, self.row.quality_report_object), url)
