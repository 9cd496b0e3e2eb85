"""C, C++ and Rust: the toolchains, and the guard that goes into test programs."""

import hashlib
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.toolchains import present, require
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import same_place

RECIPE = "1"
GUARD = PurePosixPath("/opt/guard")
GUARD_SOURCE = Path(__file__).parent.parent / "payload" / "native" / "guard.c.txt"
HEADERS = ("/usr/include", "/usr/libexec", "/usr/share/pkgconfig", "/usr/local/include")
# What the tools that builds call have beside their programs; CMake's carries its version.
TOOL_FILES = "/usr/share"
TOOLS = (
    "cmake*", "perl", "perl5", "aclocal*", "autoconf", "automake*", "libtool", "gettext", "bison",
)  # fmt: skip


async def guard_folder(cache: Path) -> Path:
    """The folder that holds guard.so, compiled once. Raises ToolMissing without a C compiler."""
    compiler = require("gcc", "guarded test programs")
    source = GUARD_SOURCE.read_bytes()
    key = hashlib.sha256(b"\0".join([b"guard", RECIPE.encode(), source])).hexdigest()

    async def compile_guard(folder: Path) -> None:
        command = [str(compiler), "-x", "c", "-O2", "-shared", "-fPIC", "-o", "guard.so"]
        status, said = await run_installer(
            [*command, str(GUARD_SOURCE), "-ldl"],
            folder=folder,
            reads=(*present(*HEADERS), same_place(GUARD_SOURCE)),
        )
        if status != 0:
            raise DependencyError(
                f"The guard of test programs cannot be compiled: {said.strip()[:500]}",
                fault=Fault.INFRASTRUCTURE,
                output=said,
            )

    return await build_once(environment_folder(cache, key), compile_guard)


async def c_environment(project: Path, cache: Path) -> Environment:
    """gcc with the headers of this machine, and CMake or Make where the project asks for one."""
    return await native_environment(project, cache, Language.C)


async def cpp_environment(project: Path, cache: Path) -> Environment:
    """g++ with the headers of this machine, and CMake or Make where the project asks for one."""
    return await native_environment(project, cache, Language.CPP)


async def native_environment(project: Path, cache: Path, language: Language) -> Environment:
    compiler = require("g++" if language is Language.CPP else "gcc", f"{language} tests")
    if (project / "CMakeLists.txt").is_file():
        for tool in ("cmake", "ctest", "make"):
            require(tool, "CMake projects")
    elif any((project / name).is_file() for name in ("Makefile", "makefile", "GNUmakefile")):
        require("make", "projects with a Makefile")
    folder = await guard_folder(cache)
    return Environment(
        language=language,
        key=folder.name,
        folder=folder,
        mounts=(*present(*HEADERS, *tool_folders()), Mount(source=folder, target=GUARD)),
        executable=PurePosixPath(compiler.resolve()),
    )


def tool_folders() -> list[str]:
    """The folders of modules and scripts that belong to build tools."""
    found = (path for name in TOOLS for path in Path(TOOL_FILES).glob(name))
    return sorted(str(path) for path in found if path.is_dir())
