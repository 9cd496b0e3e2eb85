"""What stands for a base image on this machine: its own toolchains, at the image's places."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from quantumlayer.qtest.delivered import seeds
from quantumlayer.qtest.delivered.base import (
    SLIM,
    SYSTEM_PATH,
    VERSION,
    Base,
    differing,
    distroless_user,
    programs_mounts,
    programs_of,
    system_libraries,
)
from quantumlayer.qtest.delivered.compiled_bases import distroless_java, golang, java, maven, rust
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.environments.interpreters import (
    Interpreter,
    other_interpreters,
    own_interpreter,
)
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import covered, node_executable, same_place

LANGUAGE_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
# Only official images are known: whatever else bears their names may hold anything.
OFFICIAL = re.compile(r"(?:(?:index\.)?docker\.io/)?(?:library/)?|public\.ecr\.aws/docker/library/")
DISTROLESS = re.compile(r"gcr\.io/distroless/")
IMAGE = re.compile(
    r"(?P<place>(?:[\w.:-]+/)*)(?P<name>[\w.-]+)(?::(?P<tag>[\w.-]+))?(?:@sha256:[0-9a-f]+)?"
)


def base_for(image: str) -> Base:
    """What stands for an image. Raises CannotTell where the machine has nothing like it."""
    match = IMAGE.fullmatch(image)
    table = next(
        (table for places, table in BASES if match and places.fullmatch(match["place"])), ()
    )
    make = next((make for names, make in table if match and match["name"] in names), None)
    if match is None or make is None:
        raise CannotTell(f"Nothing on this machine stands for the base image `{image}`.")
    try:
        return make(image, match["tag"] or "")
    except ToolMissing as error:
        raise CannotTell(f"Nothing stands for the base image `{image}`: {error}") from error


def empty(image: str, _tag: str) -> Base:
    """Nothing but what is copied into it."""
    return Base(image, (), seeds.empty, {"PATH": SYSTEM_PATH})


def static(image: str, tag: str) -> Base:
    """An image without programs; its libraries are the machine's."""
    bare = "/static" in image
    mounts = () if bare else system_libraries()
    return Base(image, mounts, seeds.without_programs, {"PATH": SYSTEM_PATH},
                user=distroless_user(tag))  # fmt: skip


def distribution(image: str, _tag: str) -> Base:
    """Debian and the like: essential programs only."""
    differs = (
        f"{image} is tried with this machine's distribution, which has another C library and other "
        "programs."
    )
    notes = () if re.search("debian|ubuntu", image) else (differs,)
    return Base(
        image, (*system_libraries(), *programs_mounts()), seeds.distribution(slim=True),
        {"PATH": SYSTEM_PATH}, ("bash",), notes,
    )  # fmt: skip


def python(image: str, tag: str) -> Base:
    found = python_like(tag)
    asked = VERSION.match(tag)
    version = asked[0] if asked else found.version
    environment = {"PATH": LANGUAGE_PATH, "LANG": "C.UTF-8", "PYTHON_VERSION": found.version}
    mounts = (*system_libraries(), *programs_of(tag), *outside(found))
    return Base(
        image, mounts, seeds.python(found, version, slim=bool(SLIM.search(tag))), environment,
        ("python3",), differing(image, version, found.version),
    )  # fmt: skip


def outside(interpreter: Interpreter) -> tuple[Mount, ...]:
    """The folders of a Python that is not the distribution's; its programs too if it is."""
    folders = (interpreter.prefix / name for name in ("bin", "lib", "lib64"))
    own = [same_place(path) for path in folders if path.is_dir() and not covered(path)]
    return (*own, *(() if own else (same_place(interpreter.executable),)))


def python_like(tag: str) -> Interpreter:
    """The machine's Python with the minor version of a tag, or else the one that runs this."""
    asked = VERSION.match(tag)
    own = own_interpreter()
    wanted = ".".join(asked[0].split(".")[:2]) if asked else ""
    candidates = (own, *(other_interpreters() if wanted.count(".") else ()))
    fitting = [one for one in candidates if f"{one.version}.".startswith(f"{wanted}.")]
    return fitting[0] if fitting else own


def node(image: str, tag: str) -> Base:
    executable, mounts = node_executable()
    version = ask("node", "--version").lstrip("v")
    place = executable if mounts else seeds.PROGRAMS / str(executable).lstrip("/")
    npm = Path(require_npm()).resolve().parent.parent
    extra = () if covered(npm) else (same_place(npm),)
    asked = VERSION.match(tag)
    return Base(
        image, (*system_libraries(), *programs_of(tag), *mounts, *extra),
        seeds.node(place, npm, slim=bool(SLIM.search(tag))),
        {"PATH": SYSTEM_PATH, "NODE_VERSION": version}, ("node",),
        differing(image, asked[0] if asked else version, version),
    )  # fmt: skip


def require_npm() -> str:
    found = shutil.which("npm")
    if found is None:
        raise ToolMissing("npm is not installed.")
    return found


Make = Callable[[str, str], Base]
BASES: tuple[tuple[re.Pattern[str], tuple[tuple[tuple[str, ...], Make], ...]], ...] = (
    (OFFICIAL, (
        (("scratch",), empty),
        (("debian", "ubuntu", "alpine", "busybox"), distribution),
        (("python",), python),
        (("node",), node),
        (("golang",), golang),
        (("rust",), rust),
        (("maven",), maven),
        (("eclipse-temurin", "openjdk", "amazoncorretto", "ibm-semeru-runtimes", "sapmachine"),
         java),
    )),
    (DISTROLESS, (
        (("static", "static-debian11", "static-debian12"), static),
        (("base", "base-debian12", "cc", "cc-debian12"), static),
        (("java17", "java17-debian12", "java21-debian12", "java21-debian13", "java25-debian13"),
         distroless_java),
    )),
)  # fmt: skip
"""By the place of an image and its name there: what makes its base."""
