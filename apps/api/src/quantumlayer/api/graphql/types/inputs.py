"""What clients send to start a run."""

import strawberry


@strawberry.input(description="What a run may spend; what is left out has a sensible default.")
class RunLimitsInput:
    """What a run may spend."""

    cost_usd: float | None = None
    tokens: int | None = None
    repair_rounds: int | None = None
    integrator_steps: int | None = None
    reviews: int | None = None
    wall_seconds: int | None = None
    files: int | None = None
    file_bytes: int | None = None
    parallel_agents: int | None = None

    def given(self) -> dict[str, float]:
        """The limits that were named."""
        return {name: value for name, value in vars(self).items() if value is not None}


@strawberry.input(description="What to build.")
class StartGenerationInput:
    """What to build."""

    prompt: str = strawberry.field(
        description="1 to 20,000 characters, a sentence or a whole specification; kept as it is."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="The same key with the same input gives the same run."
    )
    project: str | None = strawberry.field(
        default=None, description="Made when it is new: 1 to 63 of a-z, 0-9 and -."
    )
    language: str | None = strawberry.field(
        default=None,
        description="python, javascript, typescript, go, java or rust; left out: as the prompt says"
        " or the model chooses. The built-in model writes python and javascript.",
    )
    model: str | None = strawberry.field(
        default=None, description="One of `models`; the first of them when left out."
    )
    limits: RunLimitsInput | None = None
    accept_partial: bool = strawberry.field(
        default=False,
        description="Build what is understood where not all of the prompt is; the verdict is then"
        " `incomplete`. Otherwise a model that knows what it does not understand refuses.",
    )
    parent: strawberry.ID | None = strawberry.field(
        default=None, description="A run whose version is changed as `prompt` says."
    )
    folder: strawberry.ID | None = strawberry.field(
        default=None,
        description="A project that is changed as `prompt` says: an id of `POST /v1/folders`.",
    )
