"""What the API and the worker agree on: how a preview is started, and how long it may last."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

PREVIEW_WORKFLOW = "ShowPreview"
MOST_AT_ONCE = 3
"""How many previews an organisation may have at once."""
WAITING_SECONDS = 60
"""How long a preview waits for a worker to take it up."""
LEASE_SECONDS = 15
"""A preview whose worker has said nothing for so long has ended with it."""
LONGEST_SECONDS = 3600
IDLE_SECONDS = 900
LOG_BYTES = 16_384
"""How much of what an application says last is kept."""


class PreviewState(StrEnum):
    """Where a preview stands; `failed` and `ended` say why, and come last."""

    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"
    ENDED = "ended"

    @property
    def over(self) -> bool:
        """Whether nothing of it is left."""
        return self in (PreviewState.FAILED, PreviewState.ENDED)


class PreviewRequest(BaseModel):
    """The only argument of the workflow.

    `framed_by` are origins whose pages may show it in a frame, `withheld` the names of cookies that
    the application neither gets nor sets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    preview_id: UUID
    organisation_id: UUID
    run_id: UUID
    framed_by: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def preview_workflow_id(preview_id: UUID) -> str:
    """The id of a preview's workflow."""
    return f"preview-{preview_id}"
