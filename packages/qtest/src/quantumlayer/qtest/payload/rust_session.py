"""Tests a Rust project inside the sandbox.

libtest has no report that could be trusted: it runs in the same process as the tests, and its
machine-readable form is not stable. So cargo only compiles, with its own messages as JSON; each
test binary then says which tests the compiler put into it, and every test runs in a process of its
own. It passes only if that process ends with 0 and its `main` returned 0, which the guard inside of
it says with a secret (see `witness`): libtest's main returns 0 only when the test that was asked
for has passed, and `process::exit(0)` never returns from it. The list, too, is believed only of a
process that came to its own end.
"""

import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from quantumlayer.qtest.payload.absences import absence
from quantumlayer.qtest.payload.guarded import Ending, run_guarded
from quantumlayer.qtest.payload.rust_documentation import PANIC, placed, run_documentation
from quantumlayer.qtest.payload.session import Complaint, Session
from quantumlayer.qtest.payload.steps import run
from quantumlayer.qtest.payload.witness import Witness

LISTED = re.compile(r"^(?P<name>.+): test$", re.MULTILINE)
SUMMARY = re.compile(r"^\d+ tests?, \d+ benchmarks?$", re.MULTILINE)
CRATES = "/opt/crates"
DEPENDENCIES = "/tmp/target/debug/deps"  # noqa: S108 - the sandbox's own
TEST = b"test"
DOCUMENTED = frozenset({"lib", "rlib", "proc-macro"})
WELL = re.compile(r"^test result: ok\. \d+ passed; 0 failed", re.MULTILINE)
UNPROVEN = "Its own harness ends the program with status 0, so what it says is not proven."
ONE_BY_ONE = ("--exact", "--test-threads=1", "--nocapture")


def session(project: Session) -> None:
    """Compile, list, run each test, then the examples of the documentation, root by root."""
    provide_home()
    project.replace(project.plan["settings"])
    project.plan["libraries"] = []
    project.known = {path: known for path, known in project.known.items() if judges(project, path)}
    roots: list[str] = project.plan["roots"]
    if project.plan.get("file"):
        built = {"": single_file(project)}
    else:
        built = {root: compiled(project, root) for root in roots}
    project.check_sources()
    with Witness() as witness:
        for root, programs in built.items():
            if programs is None:
                continue
            for name, program in programs.items():
                run_program(project, witness, name, program)
            if project.plan.get("documentation") and root in project.plan["libraries"]:
                run_documentation(project, witness, root)
    for target in project.plan.get("left_out", ()):
        project.case(
            f"{target['path']}: as a whole", "skipped", path=target["path"],
            message=f"It asks for features that are not on by default: {target['features']}.",
        )  # fmt: skip


def judges(project: Session, path: str) -> bool:
    """Whether tests, or what chooses them, stand in a file. A build script may write others."""
    if path.endswith(".toml") or (path.endswith(".rs") and "tests" in path.split("/")):
        return True
    place = Path(project.workspace, path)
    plain = path.endswith(".rs") and place.is_file() and not place.is_symlink()
    return plain and TEST in place.read_bytes()


def provide_home() -> None:
    """A cargo home to write to, whose registry is the shared, read-only one."""
    home = Path(os.environ["CARGO_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    for name in ("registry", "config.toml"):
        if Path(CRATES, "home", name).exists():
            (home / name).symlink_to(Path(CRATES, "home", name))
    # Locks as cargo wrote them when it fetched: added where there was none, brought up to date.
    locks = Path(CRATES, "locks")
    for lock in locks.rglob("Cargo.lock"):
        shutil.copyfile(lock, lock.relative_to(locks))


class Program(NamedTuple):
    """A test program, where it is run, and what cargo would have in its environment."""

    path: str
    folder: str
    variables: Mapping[str, str] = {}


def single_file(project: Session) -> dict[str, Program] | None:
    """A file without a Cargo.toml, compiled by rustc alone."""
    source = project.plan["file"]
    command = ["rustc", "--test", "--edition=2021", "--error-format=json", "-o", "/tmp/tests"]  # noqa: S108 - inside of the sandbox
    done = run([*command, source], folder=project.workspace)
    if done.status != 0:
        messages = [decoded(line) for line in done.errors.splitlines()]
        refuse(project, [message for message in messages if message])
        return None
    return {source: Program("/tmp/tests", project.workspace)}  # noqa: S108 - inside the sandbox


def compiled(project: Session, root: str) -> dict[str, Program] | None:
    """The test programs that cargo made, by the source file at their root. None: refused."""
    command = ["cargo", "test", "--no-run", "--offline", "--workspace", "--message-format=json"]
    done = run(command, folder=f"{project.workspace}/{root}")
    messages = [message for message in map(decoded, done.output.splitlines()) if message]
    if done.status != 0:
        told = [entry["message"] for entry in messages if "message" in entry]
        refuse(project, told, done.errors, root)
        return None
    libraries = library_path(messages)
    programs: dict[str, Program] = {}
    for entry in messages:
        target = entry.get("target", {})
        if not DOCUMENTED.isdisjoint(target.get("kind", ())):
            project.plan["libraries"].append(root)
        program = entry.get("executable")
        if entry.get("reason") == "compiler-artifact" and entry["profile"]["test"] and program:
            source = project.relative(target["src_path"])
            folder = project.plan["folders"].get(source, project.workspace)
            programs[source] = Program(program, folder, {**libraries, **told_of(entry)})
    return programs


def library_path(messages: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Where programs find shared libraries: the compiler's, which macros need, and what build
    scripts have made."""
    compiler = Path(shutil.which("rustc") or "/").resolve().parent.parent / "lib"
    made = [str(one).rpartition("=")[2] for entry in messages
            for one in entry.get("linked_paths", ())]  # fmt: skip
    shared = [str(one) for one in (compiler, *compiler.glob("rustlib/*/lib"))]
    return {"LD_LIBRARY_PATH": ":".join([*dict.fromkeys(made), DEPENDENCIES, *shared])}


def told_of(entry: Mapping[str, Any]) -> dict[str, str]:
    """What cargo says of a package to the tests that it runs."""
    name, _, version = str(entry.get("package_id", "")).rpartition("#")[2].rpartition("@")
    folder = os.path.dirname(str(entry.get("manifest_path", "")))  # noqa: PTH120 - a plain word
    return {
        "CARGO_MANIFEST_DIR": folder,
        "CARGO_PKG_NAME": name or os.path.basename(folder),  # noqa: PTH119 - as above
        "CARGO_PKG_VERSION": version,
    }


def decoded(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def refuse(
    project: Session, messages: Sequence[Mapping[str, Any]], said: str = "", root: str = "."
) -> None:
    """The compiler's errors with their places, which it counts from a root."""
    complaints = []
    for message in messages:
        spans = [span for span in message.get("spans", ()) if span.get("is_primary")]
        if message.get("level") != "error" or (not spans and "aborting" in message["message"]):
            continue
        span = spans[0] if spans else {}
        complaints.append(
            Complaint(
                path=placed(str(span.get("file_name", "")), root),
                line=span.get("line_start"),
                column=span.get("column_start"),
                message=str(message["message"]),
            )
        )
    rendered = "".join(str(message.get("rendered") or "") for message in messages)
    lacks = absence(f"{rendered}\n{said}", project.workspace)
    if lacks:
        project.emit("absent", reason=lacks)
    project.refuse(complaints, rendered or said)


def run_program(project: Session, witness: Witness, source: str, program: Program) -> None:
    """Every test of one binary, each in a process of its own, two at a time."""
    listing = run_it(project, witness, program, "--list")
    ignored = run_it(project, witness, program, "--list", "--ignored")
    if not listing.problem and not SUMMARY.search(listing.finished.output):
        run_whole(project, witness, source, program)
        return
    if listing.problem or ignored.problem:
        project.case(
            f"{source} as a whole", "error", path=source, details=listing.finished.said,
            message=f"Its tests cannot be listed. {listing.problem or ignored.problem}",
        )  # fmt: skip
        return
    names = LISTED.findall(listing.finished.output)
    skipped = set(LISTED.findall(ignored.finished.output))
    project.emit("collected", names=[f"{source}: {name}" for name in names])

    def one(name: str) -> tuple[str, Ending, float]:
        started = monotonic()
        project.emit("started", name=f"{source}: {name}")
        ending = run_it(project, witness, program, name, *ONE_BY_ONE)
        return name, ending, monotonic() - started

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for name, ending, seconds in pool.map(one, [name for name in names if name not in skipped]):
            report(project, source, name, ending, seconds)
    for name in skipped:
        project.case(f"{source}: {name}", "skipped", path=source, message="It is ignored.")


def run_it(project: Session, witness: Witness, program: Program, *words: str) -> Ending:
    return run_guarded(
        witness, [program.path, *words], folder=program.folder, variables=program.variables,
        cap=project.plan["output_bytes"],
    )  # fmt: skip


def run_whole(project: Session, witness: Witness, source: str, program: Program) -> None:
    """A binary with a harness of its own is one test."""
    started = monotonic()
    project.emit("collected", names=[f"{source}: as a whole"])
    ending = run_it(project, witness, program)
    if ending.problem and ending.finished.status == 0 and WELL.search(ending.finished.output):
        # Harnesses of their own often end the program themselves when all is done.
        project.case(f"{source}: as a whole", "skipped", path=source, message=UNPROVEN)
        return
    report(project, source, "as a whole", ending, monotonic() - started)


def report(project: Session, source: str, name: str, ending: Ending, seconds: float) -> None:
    said = ending.finished.said
    panic = PANIC.search(said) if ending.problem else None
    message = ending.problem
    if panic:
        after = said[panic.end() :].strip().splitlines()
        lines = [panic["old"] or panic["message"], *after[:3]]
        message = "\n".join(line for line in lines if not line.startswith("note:")).strip()
    elif "stack overflow" in said or "has overflowed its stack" in said:
        message = f"Stack overflow. {message}"
    project.case(
        f"{source}: {name}",
        "failed" if ending.problem else "passed",
        path=panic["path"] if panic and not panic["path"].startswith("/rustc") else source,
        line=int(panic["line"]) if panic and not panic["path"].startswith("/rustc") else None,
        message=message,
        details=said if ending.problem else "",
        duration=seconds,
    )
