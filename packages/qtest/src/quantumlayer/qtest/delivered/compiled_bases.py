"""What stands for the images of compiled languages: Go, Java and Rust of this machine."""

import re
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered import seeds
from quantumlayer.qtest.delivered.base import (
    SLIM,
    SYSTEM_PATH,
    VERSION,
    Base,
    compiler_mounts,
    differing,
    distroless_user,
    programs_mounts,
    programs_of,
    system_libraries,
)
from quantumlayer.qtest.environments.access.java import maven_mounts
from quantumlayer.qtest.environments.java_tools import settings_of
from quantumlayer.qtest.environments.jdks import Jdk, default_jdk, kits, newest_jdk
from quantumlayer.qtest.environments.toolchains import ask, require, shown
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.sandbox import Mount

GO_ROOT = PurePosixPath("/usr/local/go")
OF_JAVA = re.compile(r"(?:temurin|openjdk|corretto|semeru|sapmachine|jdk|java)-?(?P<version>\d+)")
RUNTIME = re.compile(r"(?:^|[-_])jre(?:[-_]|$)|headless")
JAVA_HOME = PurePosixPath("/opt/java/openjdk")
# Where the container sees what its image shows by links.
KIT, TOOLCHAIN = seeds.OURS / "kit", seeds.OURS / "toolchain"
CARGO_HOME, RUSTUP_HOME = PurePosixPath("/usr/local/cargo"), PurePosixPath("/usr/local/rustup")
# Of Rust's slim images: what links, and what C code in crates is compiled with.
LINKING = ("cc", "gcc", "as", "ld", "ar", "nm", "ranlib", "strip", "objcopy", "objdump", "make")


def golang(image: str, tag: str) -> Base:
    require("go", "Go programs")
    version = ask("go", "env", "GOVERSION").removeprefix("go")
    root = Mount(source=Path(ask("go", "env", "GOROOT")).resolve(), target=GO_ROOT)
    asked = VERSION.match(tag)
    environment = {
        "PATH": f"/go/bin:{GO_ROOT}/bin:{SYSTEM_PATH}", "GOPATH": "/go", "GOTOOLCHAIN": "local",
        "GOLANG_VERSION": version,
    }  # fmt: skip
    return Base(
        image, (*system_libraries(), *programs_of(tag), root),
        seeds.golang(slim=bool(SLIM.search(tag))), environment, ("bash",),
        differing(image, asked[0] if asked else version, version),
    )  # fmt: skip


def java(image: str, tag: str) -> Base:
    """A development kit, of which a runtime's image shows the runtime's programs alone."""
    asked = number_of(tag)
    return of_kit(image, kit_like(asked), asked, runtime=bool(RUNTIME.search(tag)))


def of_kit(image: str, kit: Jdk, asked: str, *, runtime: bool) -> Base:
    found = number_of(kit.version)
    place, mounts = shown(kit.home, KIT)
    return Base(
        image, (*system_libraries(), *programs_mounts(), *mounts, *settings_of(kit.home)),
        seeds.java(seeds.Laid(kit.home, place, JAVA_HOME), runtime=runtime),
        {"PATH": f"{JAVA_HOME}/bin:{SYSTEM_PATH}", "JAVA_HOME": str(JAVA_HOME), "LANG": "C.UTF-8",
         "JAVA_VERSION": found},
        () if runtime else ("jshell",), differing(image, asked or found, found),
    )  # fmt: skip


def maven(image: str, tag: str) -> Base:
    """Maven with the kit that the tag names."""
    home = require("mvn", "Maven projects").resolve().parent.parent
    asked, of_java = VERSION.match(tag), OF_JAVA.search(tag)
    wanted = of_java["version"] if of_java else ""
    base = of_kit(image, kit_like(wanted), wanted, runtime=False)
    found = number_of(ask("mvn", "--version"))
    return Base(
        image, (*base.mounts, *maven_mounts(home)), seeds.maven(base.seed, home),
        {**base.environment, "MAVEN_HOME": str(seeds.MAVEN),
         "MAVEN_CONFIG": str(seeds.MAVEN_SETTINGS)},
        ("mvn",), (*base.notes, *differing(image, asked[0] if asked else found, found)),
    )  # fmt: skip


def distroless_java(image: str, tag: str) -> Base:
    """A runtime without any other program, which is told what to start."""
    named = OF_JAVA.search(image)
    wanted = named["version"] if named else ""
    kit = kit_like(wanted)
    base = of_kit(image, kit, wanted, runtime=True)
    place, mounts = shown(kit.home, KIT)
    return Base(
        image, (*system_libraries(), *mounts, *settings_of(kit.home)),
        seeds.distroless_java(seeds.Laid(kit.home, place, JAVA_HOME)),
        {**base.environment, "PATH": SYSTEM_PATH}, (), base.notes,
        ("/usr/bin/java", "-jar"), distroless_user(tag),
    )  # fmt: skip


def kit_like(wanted: str) -> Jdk:
    """The kit of a version, or the next newer one. Raises ToolMissing where all are older.

    What is written for a newer Java compiles with no older one, so nothing would be known then.
    """
    if not wanted:
        return newest_jdk()
    number = int(wanted.split(".", maxsplit=1)[0])
    fitting = [kit for kit in kits(default_jdk()) if kit.number >= number]
    if not fitting:
        newest = newest_jdk().number
        raise ToolMissing(f"it has Java {number}, and the newest of this machine is {newest}.")
    return min(fitting, key=lambda kit: kit.number)


def number_of(said: str) -> str:
    """The version in what a tool says of itself."""
    found = re.search(r"\d+(?:\.\d+)*", said)
    return found[0] if found else ""


def rust(image: str, tag: str) -> Base:
    require("cargo", "Rust programs")
    require("gcc", "the linking of Rust programs")
    root = Path(ask("rustc", "--print", "sysroot"))
    place, mounts = shown(root, TOOLCHAIN)
    version = number_of(ask("rustc", "--version"))
    asked = VERSION.match(tag)
    environment = {
        "PATH": f"{CARGO_HOME}/bin:{SYSTEM_PATH}", "CARGO_HOME": str(CARGO_HOME),
        "RUSTUP_HOME": str(RUSTUP_HOME), "RUST_VERSION": version,
        # Alpine's programs carry their C library in them, and run where there is none.
        **({"RUSTC_WRAPPER": str(seeds.STATIC_RUSTC)} if "alpine" in tag else {}),
    }  # fmt: skip
    return Base(
        image, (*system_libraries(), *programs_mounts(), *mounts, *compiler_mounts()),
        seeds.rust(seeds.Laid(root, place, CARGO_HOME), LINKING if SLIM.search(tag) else None),
        environment, ("bash",),
        differing(image, asked[0] if asked else version, version),
    )  # fmt: skip
