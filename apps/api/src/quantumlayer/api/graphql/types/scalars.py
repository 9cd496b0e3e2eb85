"""The kinds of states, spelled for clients as everywhere else in the house."""

from enum import Enum

import strawberry


@strawberry.enum(description="Where a run stands.")
class RunStatus(Enum):
    """Where a run stands."""

    queued = "queued"
    running = "running"
    finished = "finished"
    cancelled = "cancelled"


@strawberry.enum(description="What a finished run has proved about what it made.")
class Verdict(Enum):
    """What a finished run has proved about what it made."""

    passed = "passed"
    incomplete = "incomplete"
    failed = "failed"
    no_tests = "no_tests"
    timed_out = "timed_out"
    infrastructure_error = "infrastructure_error"


@strawberry.enum(
    description="proved: its tests fail when it is broken. tested: they pass. claimed: files, and "
    "no test that names it. failed: a test of it failed. missing: nothing was written for it."
)
class ProofState(Enum):
    """How far a requirement is proved."""

    proved = "proved"
    tested = "tested"
    claimed = "claimed"
    failed = "failed"
    missing = "missing"


@strawberry.enum(
    description="accept: build with the nearest. stop: build nothing. not_meant: it was no wish."
)
class WishDecision(Enum):
    """What becomes of a wish that no stack serves."""

    accept = "accept"
    stop = "stop"
    not_meant = "not_meant"


@strawberry.enum(description="building, ready, failed or ended; the last two say why.")
class PreviewState(Enum):
    """Where a preview stands."""

    building = "building"
    ready = "ready"
    failed = "failed"
    ended = "ended"


@strawberry.enum(description="What the holder of a credential is in the organisation.")
class RoleName(Enum):
    """What the holder of a credential is in the organisation."""

    owner = "owner"
    member = "member"
    viewer = "viewer"
