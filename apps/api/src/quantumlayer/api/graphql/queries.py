"""Everything that clients may read."""

# Strawberry types its decorators with arguments as Any.
# mypy: disable-error-code="untyped-decorator"

from typing import Annotated

import strawberry

from quantumlayer.api.errors import bad_input, run_not_found
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.connection import RunConnection, from_cursor
from quantumlayer.api.graphql.types.memory import Memory
from quantumlayer.api.graphql.types.preview import Preview
from quantumlayer.api.graphql.types.project import Project
from quantumlayer.api.graphql.types.run import Run
from quantumlayer.api.graphql.types.scalars import RunStatus, Verdict
from quantumlayer.api.graphql.types.viewer import Viewer
from quantumlayer.api.inputs import preview_id_of, run_id_of
from quantumlayer.api.previews import the_preview
from quantumlayer.core.identity import all_projects
from quantumlayer.core.memories import MOST_KEPT
from quantumlayer.core.memories.records import memories_of
from quantumlayer.core.previews.records import previews_of
from quantumlayer.core.runs.queries import RunFilter, find_run, run_page

MAX_PAGE = 100


@strawberry.type
class Query:
    """Everything that clients may read."""

    @strawberry.field(description="Who asks.")
    def viewer(self, info: Info) -> Viewer:
        """Who asks."""
        return Viewer.of(info.context.viewer)

    @strawberry.field(description="The models that a run may have, the default first.")
    def models(self, info: Info) -> list[str]:
        """The models that a run may have, the default first."""
        return list(info.context.services.settings.offered_models)

    @strawberry.field(description="Every project, by name.")
    async def projects(self, info: Info) -> list[Project]:
        """Every project, by name."""
        async with info.context.session() as session:
            rows = await all_projects(session, info.context.organisation_id)
        return [Project.of(row) for row in rows]

    @strawberry.field(description="Runs, newest first.")
    async def runs(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="1 to 100")] = 20,
        after: str | None = None,
        status: RunStatus | None = None,
        verdict: Verdict | None = None,
        project: Annotated[str | None, strawberry.argument(description="A slug.")] = None,
    ) -> RunConnection:
        """Runs, newest first."""
        if not 1 <= first <= MAX_PAGE:
            raise bad_input(f"`first` must be 1 to {MAX_PAGE}.")
        only = RunFilter(
            status=status.value if status else None,
            verdict=verdict.value if verdict else None,
            project=project.replace("\0", "") if project else None,
        )
        async with info.context.session() as session:
            page = await run_page(
                session,
                info.context.organisation_id,
                first=first,
                after=from_cursor(after) if after else None,
                only=only,
            )
        return RunConnection.of(page)

    @strawberry.field(description="One run.")
    async def run(self, info: Info, id: strawberry.ID) -> Run:  # noqa: A002 - the name that callers know
        """One run; an error with the code NOT_FOUND when there is none."""
        async with info.context.session() as session:
            row = await find_run(session, info.context.organisation_id, run_id_of(id))
        if row is None:
            raise run_not_found(id)
        return Run(row=row)

    @strawberry.field(description="Previews, newest first; of one run, or of all.")
    async def previews(
        self,
        info: Info,
        run_id: strawberry.ID | None = None,
        first: Annotated[int, strawberry.argument(description="1 to 100")] = 20,
    ) -> list[Preview]:
        """Previews, newest first."""
        if not 1 <= first <= MAX_PAGE:
            raise bad_input(f"`first` must be 1 to {MAX_PAGE}.")
        only = run_id_of(run_id) if run_id else None
        async with info.context.session() as session:
            rows = await previews_of(
                session, info.context.organisation_id, run_id=only, first=first
            )
        return [Preview.of(row) for row in rows]

    @strawberry.field(description="What later runs may be shown as examples, newest first.")
    async def memories(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="1 to 1000")] = 100,
    ) -> list[Memory]:
        """What later runs may be shown as examples, newest first."""
        if not 1 <= first <= MOST_KEPT:
            raise bad_input(f"`first` must be 1 to {MOST_KEPT}.")
        async with info.context.session() as session:
            rows = await memories_of(session, info.context.organisation_id, first=first)
        return [Memory.of(row) for row in rows]

    @strawberry.field(description="One preview.")
    async def preview(self, info: Info, id: strawberry.ID) -> Preview:  # noqa: A002 - the name that callers know
        """One preview; an error with the code NOT_FOUND when there is none."""
        context = info.context
        return Preview.of(
            await the_preview(context.services, context.organisation_id, preview_id_of(id))
        )
