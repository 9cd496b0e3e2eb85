"""The nouns of software as it is delivered: what is started, and what came of it."""

from enum import StrEnum
from pathlib import Path

from pydantic import ConfigDict, Field

from quantumlayer.qtest.model import MIB, Limits, Noun, TestCase

START_LIMITS = Limits(
    memory_bytes=1024 * MIB, cpu_seconds=600, wall_seconds=900.0, processes=256, open_files=4096,
    disk_bytes=1024 * MIB, output_bytes=1 * MIB,
)  # fmt: skip
BUILD_LIMITS = Limits(
    memory_bytes=4096 * MIB, cpu_seconds=900, wall_seconds=600.0, processes=512, open_files=4096,
    file_size_bytes=2048 * MIB, disk_bytes=4096 * MIB, output_bytes=4 * MIB,
)  # fmt: skip
CHECK_LIMITS = Limits(
    memory_bytes=3072 * MIB, cpu_seconds=300, wall_seconds=180.0, disk_bytes=1024 * MIB,
)  # fmt: skip


class Outcome(StrEnum):
    """What one rung found out. `unknown`: nothing, for a reason that is not the project's."""

    HELD = "held"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Rung(StrEnum):
    """What is asked of a delivered service, in this order."""

    TYPES = "types"
    BUILD = "build"
    START = "start"
    PROBES = "probes"
    ROUTES = "routes"
    REMEMBER = "remember"
    STOP = "stop"
    START_AGAIN = "start again"
    DATA_LASTS = "data lasts"
    SECOND_INSTANCE = "second instance"
    PAGES = "pages"
    BROWSER_TESTS = "browser tests"


class Picture(Noun):
    """What a page showed on a screen of `width` pixels, as a PNG; base64 in JSON."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    page: str
    width: int
    scheme: str
    png: bytes


class Finding(Noun):
    """What asking came to: why it does not hold, empty where it does, and what shows it.

    `tests` are the project's own that were asked.
    """

    reason: str = ""
    evidence: str = ""
    pictures: tuple[Picture, ...] = ()
    tests: tuple[TestCase, ...] = ()


class RungResult(Noun):
    """What one rung found out, in a sentence, with what shows it.

    `reason` says what is wrong and where, and is empty where the rung held. `evidence` is the end
    of what was said meanwhile, `pictures` what was seen, `tests` the project's own that were asked.
    """

    rung: Rung
    outcome: Outcome
    seconds: float = 0.0
    reason: str = ""
    evidence: str = ""
    pictures: tuple[Picture, ...] = ()
    tests: tuple[TestCase, ...] = ()


class Climb(Noun):
    """What was found out of one delivery: a result for each rung, in their order.

    `tier` is the way it was started in, `notes` say how that differs from the delivery.
    """

    tier: str
    rungs: tuple[RungResult, ...]
    notes: tuple[str, ...] = ()

    @property
    def first_wrong(self) -> RungResult | None:
        """The rung that ended the climb, None where all held that were asked for."""
        ends = (Outcome.BROKEN, Outcome.UNKNOWN)
        return next((one for one in self.rungs if one.outcome in ends), None)


class Volume(Noun):
    """A folder that outlives a start, such as `/data`.

    `granted`: the platform makes it writable for the user, as a cluster does with fsGroup. Else it
    belongs to whom the image gives it to, as with Docker.
    """

    path: str
    granted: bool = False


class SecretFile(Noun):
    """A file that the platform puts into the container, read-only."""

    path: str
    content: str


class Sent(Noun):
    """A request as it is sent."""

    method: str = "POST"
    path: str
    content: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Exchange(Noun):
    """Something that is written through the API and can be read back.

    `body` is sent as JSON, or `content` as it is where there is any. A `{name}` in `read_path`
    stands for that field of the answer to the write. `expects` has to be in what is read.
    `sign_in` is what was answered with the token that `headers` hold.
    """

    method: str = "POST"
    path: str
    body: dict[str, object] = Field(default_factory=dict)
    content: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    read_path: str
    expects: str
    sign_in: Sent | None = None


class TypeCheck(Noun):
    """How a stack checks types: its commands one after the other, in a language's environment."""

    language: str
    commands: tuple[tuple[str, ...], ...]


class BrowserTests(Noun):
    """A project's own Playwright tests.

    `package` is the folder of the package that they are run from, and `config` Playwright's
    configuration relative to it, empty where there is none. `folder` holds them where a stack says
    so. `asked`: the stack wants at least one that passes.
    """

    package: str = "."
    config: str = ""
    folder: str = ""
    asked: bool = False


class Delivery(Noun):
    """What to start, and what is promised of it: one truth for image, manifests and check.

    `command` replaces the image's own, `entrypoint` both its entry point and its command, `user`
    its user, `environment` comes over its variables (values of secrets are among them). What
    `serves` nobody is started once, and may end. `port` is the image's exposed one where it is
    None. `probes` are exactly the paths that the platform will ask, at `asked_port` where
    that is known to be within the container, `commands` what it will run
    within the container and wants to end well, `otherwise` sentences on probes that are asked in
    ways that are not spoken here. `not_root`: the platform starts nothing as root. `memory_bytes`
    is what the platform gives it, None where it says nothing. `temporary` are folders that are
    empty at each start and can be written. `init`: a small first process passes signals on, which
    an application that is itself the first one has to take care of. `instances` run at the same
    time. `contract` is the path at which the service describes its routes in OpenAPI, if it does:
    where no `exchanges` are named, they are taken from there. `pages` are paths at which it is
    promised that people begin; `promised` is false of those that were only found. Where none are,
    it is asked whether they begin at `/`, or at one of `page_places`, where `page_file` may be
    shown, a page of the project's own, in which `page_words` stand whoever builds it, if nothing
    but the image can deliver it. `dark`: pages can be dark, whether they say so or not. `types`:
    how its stack checks types, before anything is built. `browser_tests`: its own tests that need a
    browser, if it has some.
    `made_up` names variables whose true values nobody knows here, `companions` servers that run
    beside it and are not here: what ends for want of either is not known to be broken. `notes` say
    what of this is not sure.
    """

    folder: Path
    dockerfile: str = "Dockerfile"
    target: str = ""
    arguments: tuple[tuple[str, str], ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    secret_files: tuple[SecretFile, ...] = ()
    serves: bool = True
    port: int | None = Field(default=None, ge=1, le=65535)
    probes: tuple[str, ...] = ("/",)
    asked_port: int | None = Field(default=None, ge=1, le=65535)
    commands: tuple[tuple[str, ...], ...] = ()
    otherwise: tuple[str, ...] = ()
    not_root: bool = False
    memory_bytes: int | None = Field(default=None, gt=0)
    read_only: bool = False
    temporary: tuple[str, ...] = ("/tmp",)  # noqa: S108 - inside of a container
    volumes: tuple[Volume, ...] = ()
    init: bool = False
    instances: int = Field(default=1, ge=1)
    exchanges: tuple[Exchange, ...] = ()
    contract: str = ""
    pages: tuple[str, ...] = ()
    promised: bool = True
    page_file: str = ""
    page_words: str = ""
    page_places: tuple[str, ...] = ()
    dark: bool = False
    types: TypeCheck | None = None
    browser_tests: BrowserTests | None = None
    made_up: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    start_seconds: float = Field(default=60.0, gt=0)
    grace_seconds: float = Field(default=10.0, gt=0)
    build_limits: Limits = BUILD_LIMITS
    start_limits: Limits = START_LIMITS


class Answer(Noun):
    """What came back for a request. `media_type` is without parameters.

    `location` is where it leads to, as it was sent.
    """

    status: int
    media_type: str
    body: str
    location: str = ""
