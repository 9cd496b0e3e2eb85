"""Pages of runs, as cursor connections."""

import base64
import binascii
from uuid import UUID

import strawberry

from quantumlayer.api.errors import bad_input
from quantumlayer.api.graphql.types.run import Run
from quantumlayer.core.runs.queries import RunPage


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """Where a page ends."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type(description="A run within a page.")
class RunEdge:
    """A run within a page."""

    cursor: str
    node: Run


@strawberry.type(description="A page of runs, newest first.")
class RunConnection:
    """A page of runs, newest first."""

    edges: list[RunEdge]
    nodes: list[Run]
    page_info: PageInfo

    @classmethod
    def of(cls, page: RunPage) -> "RunConnection":
        """The page as clients see it."""
        edges = [RunEdge(cursor=to_cursor(row.id), node=Run(row=row)) for row in page.runs]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo(
                has_next_page=page.has_more, end_cursor=edges[-1].cursor if edges else None
            ),
        )


def to_cursor(run_id: UUID) -> str:
    """The place of a run in the list, as an opaque text."""
    return base64.urlsafe_b64encode(run_id.bytes).rstrip(b"=").decode()


def from_cursor(cursor: str) -> UUID:
    """The run that `cursor` points at; raises ApiError for a text that is no cursor."""
    try:
        return UUID(bytes=base64.b64decode(f"{cursor}==", altchars="-_", validate=True))
    except (ValueError, binascii.Error):
        raise bad_input("`after` is no cursor; take one from `pageInfo.endCursor`.") from None
