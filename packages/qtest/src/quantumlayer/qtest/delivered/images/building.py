"""Building an image as its Dockerfile says, and what to say where that cannot be done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered.build_access import BuildAccess
from quantumlayer.qtest.delivered.build_steps import NOT_ITS_FAULT, last_words
from quantumlayer.qtest.delivered.dockerfile import Dockerfile, Instruction
from quantumlayer.qtest.delivered.errors import BuildBroken, CannotTell
from quantumlayer.qtest.delivered.images.base_images import whole_name
from quantumlayer.qtest.delivered.images.settings import FILES
from quantumlayer.qtest.delivered.images.tooling import TRUSTING
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.nesting import WORK
from quantumlayer.qtest.delivered.outline import Outline
from quantumlayer.qtest.delivered.seeds import OURS
from quantumlayer.qtest.registries.endpoints import Endpoint
from quantumlayer.qtest.sandbox import SandboxResult

NAME = "localhost/delivered"
NO_IMAGE = "scratch"
DOCKERFILE = "Dockerfile"  # a copy, as the context may be without it
INSPECTED = "inspected.json"
# On a file system of its own in every step, where nothing that is put there stays in the image.
CERTIFICATES = PurePosixPath("/dev/certificates.crt")
# A mount keeps what the sandbox's own has, or the kernel refuses it.
READ_ONLY = "ro,nosuid,nodev"
BUILD = f"""
buildah build "$@"
buildah inspect --type image {NAME} > {WORK / INSPECTED}
"""
STEP = re.compile(
    r"^(?:\[(?P<stage>\d+)/\d+\] )?STEP (?P<step>\d+)/\d+: (?P<name>\w+)", re.MULTILINE
)
COMPLAINT = re.compile(
    r"^(?:Error: |error running container: |: exit status ).*(?:\n|$)", re.MULTILINE
)
FETCHED = re.compile(r"https?://|git@|\.git\b")
NOT_MADE = re.compile(r"runc create failed: (?P<why>.+)\"$", re.MULTILINE)
ENDED = re.compile(r"exit status (\d+)\s*$")
# What keeps a container from being made at all, but for its command.
NO_CONTAINER = re.compile(r"runc create failed: (?!.*\bexec: )")
# buildah's own words for what only it can fail at.
OURS_TO_BLAME = re.compile(
    r"no space left on device|not known to this registry|image not known|short-name|"
    r"creating build container|effective uid is not 0|no new privileges"
)


def build_words(delivery: Delivery, access: BuildAccess, *, trusts: bool) -> list[str]:
    """The words of `buildah build`. `trusts`: steps learn of the certificates of this machine."""
    words = [
        *TRUSTING, "--isolation", "oci", "--runtime", str(FILES / "runtime"),
        "--network", "host", "--format", "docker", "--layers=false", "--pull-never",
        "--http-proxy=false", "--tag", NAME,
        "--file", str(FILES / DOCKERFILE),
        *(word for pair in delivery.arguments for word in ("--build-arg", "=".join(pair))),
        *(("--target", delivery.target) if delivery.target else ()),
        "--security-opt", f"seccomp={FILES / 'filter.json'}",
    ]  # fmt: skip
    if trusts:
        words += ["--volume", f"{FILES / 'certificates.crt'}:{CERTIFICATES}:{READ_ONLY}"]
    for n, place in enumerate(access.files):
        if place.is_relative_to(OURS) or place.parent.name == ".cargo":
            words += ["--volume", f"{FILES / f'tool-{n}'}:{place}:{READ_ONLY}"]
    return [*words, str(WORK / "context")]


def step_variables(access: BuildAccess) -> dict[str, str]:
    """What steps are told, with certificates where they find them."""
    return {
        name: str(CERTIFICATES) if Path(value).is_file() else value
        for name, value in access.variables.items()
        if not Path(value).is_dir() or not value.startswith("/")
    }


@dataclass(frozen=True)
class Last:
    """The last instruction that was begun, and what was said since."""

    place: str
    instruction: Instruction | None
    said: str


def last_step(dockerfile: Dockerfile, output: str) -> Last:
    """Where a build came to."""
    found = list(STEP.finditer(output))
    if not found:
        return Last(dockerfile.path, None, output)
    match = found[-1]
    stage = dockerfile.stages[int(match["stage"] or 1) - 1 :][:1]
    step = int(match["step"]) - 2  # FROM is the first
    said = output[match.start() :].partition("\n")[2]
    if not stage or not 0 <= step < len(stage[0].instructions):
        line = stage[0].line if stage else 1
        return Last(f"{dockerfile.path}:{line}", None, said)
    one = stage[0].instructions[step]
    if one.name != match["name"].upper():
        return Last(dockerfile.path, None, said)
    return Last(f"{dockerfile.path}:{one.line}", one, said)


def check_built(
    dockerfile: Dockerfile, result: SandboxResult, refused: frozenset[Endpoint]
) -> None:
    """Raise BuildBroken where the project is to blame that there is no image, CannotTell else."""
    last = last_step(dockerfile, result.stdout)
    evidence = result.stdout[-4000:]
    if result.limits_hit:
        raise BuildBroken(
            f"{last.place}: the build goes beyond its limit ({', '.join(result.limits_hit)}).",
            output=evidence,
        )
    if result.exit_status == 0:
        return
    complaints = "".join(COMPLAINT.findall(last.said))
    said = COMPLAINT.sub("", last.said)
    not_made = NOT_MADE.search(complaints)
    if last.instruction is not None and last.instruction.name == "RUN":
        ended = ENDED.search(complaints)
        status = f"status {ended[1]}" if ended else "an error"
        reason = f"{last.place}: this step ends with {status}: {last_words(said)}"
        if not_made:
            reason = f"{last.place}: this step cannot be begun: {not_made['why']}"
    else:
        name = last.instruction.name if last.instruction else "the build"
        reason = f"{last.place}: {name}: {last_words(complaints or said)}"
    if refused:
        wanted = ", ".join(map(str, sorted(refused)))
        raise CannotTell(f"{reason} (It asked for {wanted}, which is no package registry here.)",
                         output=evidence)  # fmt: skip
    one = last.instruction
    fetches = one is not None and one.name == "ADD" and FETCHED.search(one.text)
    nobodys = (fetches or NOT_ITS_FAULT.search(last.said) or OURS_TO_BLAME.search(last.said)
               or NO_CONTAINER.search(complaints))  # fmt: skip
    if nobodys or last.instruction is None:
        raise CannotTell(reason, output=evidence)
    raise BuildBroken(reason, output=evidence)


def words_of_steps(dockerfile: Dockerfile) -> str:
    """The text of everything that is run, by which it is told which registries it needs."""
    return "\n".join(
        " ".join((one.text, *(document.content for document in one.documents)))
        for stage in dockerfile.stages
        for one in stage.instructions
        if one.name == "RUN"
    )


def images_of(outline: Outline) -> list[str]:
    """The whole names of all images that a Dockerfile takes anything from. Raises CannotTell."""
    found: list[str] = []
    for index, stage in enumerate(outline.dockerfile.stages):
        if outline.before(index) is None:
            found.append(outline.base_name(index))
        for one in stage.instructions:
            found += [name for name in named_in(one) if outline.earlier(name, index) is None]
    return [whole_name(name) for name in dict.fromkeys(found) if name != NO_IMAGE]


def named_in(one: Instruction) -> Sequence[str]:
    """What an instruction takes files from, besides the context."""
    mounts = (value for name, value in one.flags if name == "mount")
    options = (word.partition("=") for value in mounts for word in value.split(","))
    own = [one.flag("from") or ""] if one.name in ("COPY", "ADD") else []
    return [name for name in (*own, *(value for key, _, value in options if key == "from")) if name]
