"""Compiles one part of a Java module: the application, or its tests."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.session import Session, complaints_in
from quantumlayer.qtest.payload.steps import Finished, run

SESSION = "/opt/java-session"
LISTING = "/tmp/sources.list"  # noqa: S108 - the sandbox's own
PLACE = re.compile(r"^(?P<path>\S+\.java):(?P<line>\d+): error: (?P<message>.+)$", re.MULTILINE)
DESCRIPTOR = "module-info.java"
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
PROVIDES = re.compile(r"\bprovides\s+([\w.]+)\s+with\s+([\w.,\s]+);")
# What javac cannot say of jars and folders that are no modules, and Java itself could.
NO_MODULES = re.compile(r"cannot determine module name|file not found|invalid module name")


def compile_part(project: Session, module: dict[str, Any], part: dict[str, Any]) -> bool:
    """Run javac; whether it was content."""
    sources: list[str] = part["sources"]
    if not sources:
        return True
    descriptors = [path for path in sources if Path(path).name == DESCRIPTOR]
    plain = [path for path in sources if path not in descriptors]
    if descriptors and part is module["main"]:
        done = javac(project, module, part, sources, "--module-path")
        if done.status != 0 and (lacks_modules(part) or NO_MODULES.search(done.said)) and plain:
            done = javac(project, module, part, plain, "-cp")
        provide(project, part, descriptors)
    elif plain:
        done = javac(project, module, part, plain, "-cp")
    else:
        return True
    if done.status != 0:
        project.refuse(complaints_in(done.said, PLACE), done.said)
    return done.status == 0


def javac(
    project: Session, module: dict[str, Any], part: dict[str, Any], sources: Iterable[str], way: str
) -> Finished:
    Path(LISTING).write_text("".join(f'"{source}"\n' for source in sources))
    command = ["javac", "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-g", "-nowarn"]
    command += ["-parameters", "-d", part["output"], *part["words"]]
    path = [place for place in part["path"] if way == "-cp" or Path(place).exists()]
    command += [way, ":".join(path)] if path else []
    # A service file of the project could name a processor: only libraries may bring one.
    command += ["-processorpath", ":".join(module["processors"]) or SESSION]
    return run([*command, f"@{LISTING}"], folder=project.workspace)


def lacks_modules(part: dict[str, Any]) -> bool:
    """Whether another module of the project, which says nothing of modules, is leant on."""
    folders = [Path(place) for place in part["path"] if Path(place).is_dir()]
    return any(not (folder / "module-info.class").exists() for folder in folders)


def provide(project: Session, part: dict[str, Any], descriptors: Iterable[str]) -> None:
    """Say of services what the descriptor says: tests run without modules."""
    for path in descriptors:
        text = COMMENT.sub(" ", Path(project.workspace, path).read_text(errors="replace"))
        for service, providers in PROVIDES.findall(text):
            place = Path(project.workspace, part["output"], "META-INF/services", service)
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                names = [name.strip() for name in providers.split(",")]
                place.write_text("".join(f"{name}\n" for name in names))
