"""The table of checkers: for each language the program that has the last word on its syntax.

Only programs that parse are here, none that runs what it reads. To add one: a row.
"""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import FilesOnDisk, encoding_for, java_encodings
from quantumlayer.qtest.environments.go_library import GOROOT
from quantumlayer.qtest.environments.java_tools import JDK, settings_of
from quantumlayer.qtest.environments.jdks import newest_jdk
from quantumlayer.qtest.environments.native import HEADERS
from quantumlayer.qtest.environments.rust import SYSROOT
from quantumlayer.qtest.environments.toolchains import ask, present, shown
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.runners.payloads import MODULES, PACKAGE
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import covered, node_executable

COMPILER_PLACE = (
    r"^(?P<path>[^\s:][^:\n]*):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error(?:\[\w+\])?: "
    r"(?P<message>.+)$"
)
# What a C compiler says of a text that is no C, whatever is declared elsewhere.
C_SYNTACTIC = (
    r"^(?P<path>[^\s:][^:\n]*):(?P<line>\d+):(?:(?P<column>\d+):)? error: "
    r"(?P<message>(?:expected (?!type|class-name|unqualified-id before string)|stray |missing "
    r"terminating|unterminated|unbalanced).*)$"
)
NO_HEADER = r"fatal error: .*: No such file or directory"
# Names that a build may define as macros with any grammar of their own: what comes of them proves
# nothing. Unknown values are none in C, where they are told apart.
UNKNOWN_IN_C = (
    r"#error|unknown type name|implicit declaration|incomplete type"
    # Names that are spelled as macros are: before what is declared, or behind it.
    r"|expected [^\n]* before .[A-Z][A-Z0-9_]{2,}\W|\n *\d+ \| +[A-Z][A-Z0-9_]{2,} "
)
UNKNOWN_IN_CPP = (
    r"#error|does not name a type|was not declared|has not been declared|incomplete type"
)
# An encoding that nobody declared is no matter of syntax.
JAVA_PLACE = COMPILER_PLACE.replace("(?P<message>", "(?P<message>(?!unmappable character)")
TYPESCRIPT = PurePosixPath("/opt/typescript")
# They say how sources in C are compiled, or that something else compiles them.
BUILD_FILES = (
    "CMakeLists.txt", "Makefile", "makefile", "GNUmakefile", "Makefile.am", "meson.build",
    "configure", "configure.ac", "configure.in", "BUILD", "BUILD.bazel", "SConstruct", "xmake.lua",
    "build.zig", "premake5.lua", "Android.mk", "binding.gyp", "Cargo.toml", "go.mod", "setup.py",
    "pyproject.toml", "Package.swift",
)  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A checker as the sandbox finds it."""

    path: PurePosixPath
    mounts: tuple[Mount, ...] = ()


@dataclass(frozen=True)
class Checker:
    """How a language's checker is asked.

    `tier` is its name in reports. `options` has one entry for each way of asking: the file is well
    formed when one of them is content. `together`: all files in one command. `place` finds
    complaints in what is printed; `undecided` finds what makes the answer worthless. `place_built`
    is used instead where the project's own build may say what this command does not know, and
    `undecided_built` beside.
    """

    tier: str
    locate: Callable[[Path | None], Program | None]
    place: str
    options: tuple[tuple[str, ...], ...] = ((),)
    together: bool = False
    undecided: str = ""
    place_built: str = ""
    undecided_built: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    def patterns(self, *, built: bool) -> dict[str, str]:
        """What is looked for in its answer, in a project with a build of its own or without."""
        if not built:
            return {"place": self.place, "undecided": self.undecided}
        doubts = (self.undecided, self.undecided_built)
        return {
            "place": self.place_built or self.place,
            "undecided": "|".join(filter(None, doubts)),
        }

    def commands(self, program: Program, project: Path, files: Sequence[str]) -> list[list[str]]:
        """The commands for these files, without them."""
        shared = extra_words(self.tier, project, files)
        return [[str(program.path), *words, *shared] for words in self.options]


def extra_words(tier: str, project: Path, files: Sequence[str]) -> list[str]:
    """What depends on the project: the edition of Rust, the folders of headers."""
    if tier == "rustc":
        manifest = project / "Cargo.toml"
        text = manifest.read_text(errors="replace") if manifest.is_file() else 'edition = "2021"'
        edition = re.search(r'^\s*edition\s*=\s*"(\d{4})"', text, re.MULTILINE)
        return ["--edition", edition[1] if edition else "2021"]
    if tier == "javac":
        return ["-encoding", java_encoding(project, files)]
    if tier in ("gcc", "g++"):
        folders = {str(PurePosixPath(path).parent) for path in files}
        named = {name for name in ("include", "src", "lib") if (project / name).is_dir()}
        return ["-I.", *(f"-I{folder}" for folder in sorted(folders | named))]
    return []


def java_encoding(project: Path, files: Sequence[str]) -> str:
    """The encoding that is declared for most of these sources."""
    encodings = java_encodings(FilesOnDisk(project))
    found = Counter(encoding_for(path, encodings) or "UTF-8" for path in files)
    return found.most_common(1)[0][0]


def of_system(name: str) -> Program | None:
    """A program of the distribution, which every sandbox has."""
    found = shutil.which(name)
    if found is None or not covered(Path(found).resolve()):
        return None
    return Program(PurePosixPath(Path(found).resolve()))


def gofmt(_: Path | None) -> Program | None:
    if shutil.which("go") is None:
        return None
    root, mounts = shown(Path(ask("go", "env", "GOROOT")), GOROOT)
    return Program(root / "bin" / "gofmt", mounts)


def javac(_: Path | None) -> Program | None:
    """The newest one: it reads what older ones do, and more."""
    if shutil.which("javac") is None:
        return None
    home = newest_jdk().home
    target, mounts = shown(home, JDK)
    return Program(target / "bin" / "javac", (*mounts, *settings_of(home)))


def rustc(_: Path | None) -> Program | None:
    if shutil.which("rustc") is None:
        return None
    sysroot, mounts = shown(Path(ask("rustc", "--print", "sysroot")), SYSROOT)
    return Program(sysroot / "bin" / "rustc", mounts)


def compiler(name: str) -> Callable[[Path | None], Program | None]:
    def locate(_: Path | None) -> Program | None:
        program = of_system(name)
        return program and Program(program.path, present(*HEADERS))

    return locate


def typescript(library: Path | None) -> Program | None:
    if library is None:
        return None
    executable, mounts = node_executable()
    return Program(executable, (*mounts, Mount(source=library, target=TYPESCRIPT)))


def located(checker: Checker, library: Path | None = None) -> Program | None:
    """The checker's program, None where this machine has none that works.

    `library` is the folder of TypeScript's compiler, where there is one.
    """
    try:
        return checker.locate(library)
    except ToolMissing:
        return None


CHECKERS: Mapping[str, Checker] = {
    "go": Checker(
        "gofmt", gofmt, r"^(?P<path>[^\s:][^:\n]*):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)$",
        options=(("-e", "-l"),), together=True,
    ),
    **dict.fromkeys(("typescript", "tsx"), Checker(
        "tsc", typescript, COMPILER_PLACE, together=True,
        options=((f"{MODULES}/{PACKAGE}/typescript_syntax.mjs", str(TYPESCRIPT)),),
    )),
    "java": Checker(
        "javac", javac, JAVA_PLACE, together=True,
        options=(("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto", "-proc:none",
                  "-XDshould-stop.ifError=PARSE", "-XDshould-stop.ifNoError=PARSE",
                  "-d", "/tmp/parsed"),),  # noqa: S108 - of the sandbox
    ),
    "rust": Checker(
        "rustc", rustc, COMPILER_PLACE,
        # Parsing alone is behind a flag, renamed over time, that stable compilers know by a word.
        options=tuple(
            (f"-Zparse-{what}only", "--error-format=short", "--color=never")
            for what in ("crate-root-", "crate-", "")
        ),
        undecided=r"unknown unstable option|only accepted on the nightly",
        variables={"RUSTC_BOOTSTRAP": "1"},
    ),
    "c": Checker(
        "gcc", compiler("gcc"), COMPILER_PLACE, place_built=C_SYNTACTIC,
        options=(("-fsyntax-only",), ("-fsyntax-only", "-std=gnu2x")),
        undecided=NO_HEADER, undecided_built=UNKNOWN_IN_C,
    ),
    "cpp": Checker(
        "g++", compiler("g++"), COMPILER_PLACE, place_built=C_SYNTACTIC,
        options=tuple(
            ("-fsyntax-only", "-w", f"-std=gnu++{year}") for year in ("20", "17", "14")
        ),
        undecided=NO_HEADER, undecided_built=UNKNOWN_IN_CPP,
    ),
    "bash": Checker(
        "bash", lambda _: of_system("bash"),
        r"^(?P<path>[^\s:][^:\n]*): line (?P<line>\d+): (?P<message>(?!`).+)$",
        # Patterns that a script switches on at run time are not switched on without running it.
        options=(("-O", "extglob", "-n"),),
    ),
    "php": Checker(
        "php", lambda _: of_system("php"),
        r"^(?:PHP )?(?:Parse|Fatal) error:\s+(?P<message>.+) in (?P<path>\S+)"
        r" on line (?P<line>\d+)$",
        options=(("-n", "-d", "display_errors=1", "-l"),),
    ),
    "ruby": Checker(
        "ruby", lambda _: of_system("ruby"),
        r"^(?P<path>[^\s:][^:\n]*):(?P<line>\d+): (?P<message>.+)$",
        options=(("--disable-gems", "-c"),),
    ),
    "lua": Checker(
        "luac", lambda _: of_system("luac"),
        r"^\S*luac[\d.]*: (?P<path>[^\s:][^:\n]*):(?P<line>\d+): (?P<message>.+)$",
        options=(("-p", "--"),),
    ),
}  # fmt: skip
"""Language, as the parser names it → its checker."""
