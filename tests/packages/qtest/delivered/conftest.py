"""Small services, built and started as they are delivered."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import (
    Delivery,
    Exchange,
    Rung,
    RungResult,
    Volume,
    climb,
    emulating_starter,
)

NOTE = Exchange(path="/notes", body={"text": "milk"}, read_path="/notes/{id}", expects="milk")

# All of them take minutes: a sample runs unless QL_DELIVERED=all.
ALL = os.environ.get("QL_DELIVERED") == "all"

ClimbService = Callable[..., Awaitable[dict[Rung, RungResult]]]


@pytest.fixture
def climb_service(cache: Path) -> ClimbService:
    """Climb the rungs with a folder that holds a service of `services.py`."""

    async def run(folder: Path, **more: object) -> dict[Rung, RungResult]:
        promised = Delivery(
            folder=folder, probes=("/healthz",), read_only=True, volumes=(Volume(path="/data"),),
            environment=(("SESSION_SECRET", "not told to anybody"),), exchanges=(NOTE,),
            instances=2, start_seconds=15, grace_seconds=2,
        )  # fmt: skip
        delivery = promised.model_copy(update=more)
        return {one.rung: one for one in (await climb(delivery, emulating_starter(cache))).rungs}

    return run
