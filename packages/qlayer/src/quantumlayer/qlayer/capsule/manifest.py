"""The manifest (`capsule.json`) and the record of the run (`capsule/run.json`)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from pydantic import AwareDatetime, Field

from quantumlayer.qlayer.noun import Noun, Slug
from quantumlayer.qlayer.requirements import ApplicationKind, Language
from quantumlayer.qtest import Verdict


class Generator(Noun):
    """What made the capsule."""

    name: str = "quantumlayer"
    version: str


class CapsuleFile(Noun):
    """One reproducible file: its digest, what it is for, who wrote it, and why."""

    path: str = Field(min_length=1, max_length=300)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)
    role: Literal["source", "test", "configuration", "documentation", "evidence"]
    origin: str
    requirements: tuple[str, ...] = ()


class CapsuleManifest(Noun):
    """What is in the capsule and what became of it.

    `files` lists every file that follows from the inputs alone, `not_reproducible` the rest.
    """

    schema_version: Literal[1] = 1
    name: Slug
    title: str
    kind: ApplicationKind
    language: Language
    verdict: Verdict
    verdict_reasons: tuple[str, ...]
    generator: Generator
    prompt_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    model: str
    files: tuple[CapsuleFile, ...]
    not_reproducible: tuple[str, ...]


class ModelUsage(Noun):
    """What one model was used for by one agent, and what that cost; zero for one that is free."""

    agent: str | None = Field(default=None, description="None: nobody wrote it down")
    task: str
    model: str
    calls: int = Field(ge=0)
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    cached_tokens: int = Field(default=0, ge=0, description="of the input")
    cache_written_tokens: int = Field(default=0, ge=0, description="of the input")
    reasoning_tokens: int = Field(default=0, ge=0, description="of the output")
    cost_usd: Decimal = Field(default=Decimal(0), description="of all but `unpriced_calls`")
    unpriced_calls: int = Field(default=0, ge=0, description="which took what has no known price")
    seconds: float = Field(default=0, ge=0, description="while which providers worked")


class PictureFile(Noun):
    """A picture of a page, in the capsule; pixels differ from run to run."""

    path: str = Field(min_length=1, max_length=300)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class RunRecord(Noun):
    """The run that made the capsule: what differs from run to run. Times have a zone.

    `pictures` lists every picture of the capsule. `parent` is the run whose version this one
    changed; None of one that was made anew, or from a folder.
    """

    schema_version: Literal[1] = 1
    run_id: str = Field(min_length=1, max_length=200)
    started_at: AwareDatetime
    finished_at: AwareDatetime
    parent: str | None = None
    cost_usd: Decimal = Decimal(0)
    usage: tuple[ModelUsage, ...] = ()
    pictures: tuple[PictureFile, ...] = ()


def rfc3339(moment: datetime) -> str:
    """A moment with zone as `2026-11-02T10:00:00.000000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
