"""What the API and the worker agree on: how a run is started and what it may spend."""

import re
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

DECIDE_WISH = "decide_wish"
"""The update that answers a run's question; its argument is a WishDecision."""
WORKFLOW = "GenerateCapsule"
TASK_QUEUE = "quantumlayer"

ORGANISATION_ATTRIBUTE = "QLOrganisation"
PROJECT_ATTRIBUTE = "QLProject"
VERDICT_ATTRIBUTE = "QLVerdict"


class WishDecision(StrEnum):
    """What is to become of a run that asks for what no stack serves.

    `accept`: build with the nearest; the wish is not delivered. `stop`: build nothing. `not_meant`:
    nothing of the kind was asked for.
    """

    ACCEPT = "accept"
    STOP = "stop"
    NOT_MEANT = "not_meant"


class RunLimits(BaseModel):
    """What one run may spend; checked before it is spent.

    `repair_rounds` is how often a tree that did not hold may be verified again, and
    `integrator_steps` how often tools may be used to make it hold. `reviews` is how often what
    holds is read by somebody who wrote none of it; what they call wrong is to be mended.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cost_usd: float = Field(default=2.0, ge=0, le=1000)
    tokens: int = Field(default=2_000_000, ge=1_000, le=100_000_000)
    repair_rounds: int = Field(default=3, ge=0, le=10)
    integrator_steps: int = Field(default=60, ge=1, le=1000)
    reviews: int = Field(default=1, ge=0, le=3)
    wall_seconds: int = Field(default=1800, ge=10, le=86_400)
    files: int = Field(default=200, ge=1, le=500)
    file_bytes: int = Field(default=512_000, ge=1_000, le=5_000_000)
    parallel_agents: int = Field(default=8, ge=1, le=64)


class GenerationRequest(BaseModel):
    """The only argument of the workflow: references, never contents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: UUID
    organisation_id: UUID
    project: str
    limits: RunLimits


def workflow_id(run_id: UUID, prompt: str) -> str:
    """A readable, unique workflow id: the prompt's first words, then the run's id."""
    words = re.findall(r"[a-z0-9]+", prompt.lower())[:5]
    return "-".join([*words, str(run_id)])[-100:]
