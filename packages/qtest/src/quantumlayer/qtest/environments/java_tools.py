"""What of ours Java's environments need, made once: a reader inside of Maven, JUnit, our session.

Maven loads the reader before it looks at any project, and only the reader says what to resolve.
"""

import asyncio
import functools
import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import NotUnderstood
from quantumlayer.manifests.java.gradle_poms import place_in
from quantumlayer.manifests.java.resolved import Malformed, Resolved, resolved
from quantumlayer.qtest.environments.access import java_access
from quantumlayer.qtest.environments.access.java import maven_mounts
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.java_build import (
    digest,
)
from quantumlayer.qtest.environments.jdks import OLDEST, Jdk
from quantumlayer.qtest.environments.toolchains import present, require, shown
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.model import Diagnostic
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import covered, same_place

RECIPE = "3"
JDK = PurePosixPath("/opt/jdk")
SESSION = PurePosixPath("/opt/java-session")
JARS = "jars"
SOURCES = Path(__file__).parent.parent / "payload" / "java"
SOURCE = SOURCES / "QuantumLayerSession.java.txt"
READER = SOURCES / "QuantumLayerMaven.java.txt"
DESCRIPTOR = SOURCES / "components.xml"
JUNIT = ("org.junit.platform", "junit-platform-console-standalone", "1.10.2")
JUNIT_SHA256 = "a1de557821293ce903c213c694165fff532cf92081bac4238b9e05b35f04f43f"
EMPTY_POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>none</groupId><artifactId>none</artifactId>"
    "<version>1</version><packaging>pom</packaging></project>"
)
# What most projects test with, so that it is fetched once.
BASE_POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>base</groupId><artifactId>base</artifactId>"
    "<version>1</version><dependencies>"
    "<dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>"
    "<version>5.10.2</version><scope>test</scope></dependency>"
    "<dependency><groupId>junit</groupId><artifactId>junit</artifactId>"
    "<version>4.13.2</version><scope>test</scope></dependency></dependencies></project>"
)
LONGEST_REASON = 500


@dataclass(frozen=True)
class Tools:
    """What is ours and made once: a JDK as a sandbox sees it, our reader inside of Maven, a
    repository with JUnit in it, and our session compiled against JUnit."""

    jdk: Jdk
    place: PurePosixPath
    mounts: tuple[Mount, ...]
    reader: Path = Path()
    repository: Path = Path()
    session: Path = Path()


async def tools_of(jdk: Jdk, cache: Path) -> Tools:
    """Make them, or find them in `cache`. Raises DependencyError and ToolMissing."""
    place, mounts = shown(jdk.home, JDK)
    tools = Tools(jdk, place, (*mounts, *settings_of(jdk.home)))
    reader = await build_once(
        environment_folder(cache, reader_key(jdk)), functools.partial(build_reader, tools=tools)
    )
    tools = replace(tools, reader=reader)
    repository = await build_once(
        environment_folder(cache, repository_key()),
        functools.partial(build_repository, tools=tools),
    )
    tools = replace(tools, repository=repository)
    session = await build_once(
        environment_folder(cache, session_key()), functools.partial(build_session, tools=tools)
    )
    return replace(tools, session=session)


def settings_of(home: Path) -> tuple[Mount, ...]:
    """Folders of /etc that distributions keep a JDK's own settings in."""
    links = [home / "conf" / "security", home / "conf", home / "lib" / "security"]
    places = {str(link.resolve()) for link in links if link.exists()}
    files = {str((home / "conf" / "net.properties").resolve().parent)}
    return present(*(place for place in places | files if place.startswith("/etc/java")
                     and not covered(Path(place))))  # fmt: skip


def reader_key(jdk: Jdk) -> str:
    return digest(["reader", RECIPE, jdk.version, READER.read_text(), DESCRIPTOR.read_text()])


def session_key() -> str:
    return digest(["java", RECIPE, *JUNIT, JUNIT_SHA256, SOURCE.read_text()])


def repository_key() -> str:
    return digest(["maven", RECIPE, *JUNIT, BASE_POM])


async def build_reader(folder: Path, tools: Tools) -> None:
    """Compile what Maven is extended by, against this machine's Maven."""
    home = require("mvn", "Java projects").resolve().parent.parent
    (folder / "META-INF" / "plexus").mkdir(parents=True)
    shutil.copy(DESCRIPTOR, folder / "META-INF" / "plexus" / "components.xml")
    libraries = str(home / "lib" / "*")
    await compiled(folder, READER, libraries, str(folder), tools, maven_mounts(home))


async def build_repository(folder: Path, tools: Tools) -> None:
    """A Maven repository with what runs tests, and with no project's.

    Every installation starts from a copy of its own, so that nothing is left for the next one.
    """
    (folder / "poms").mkdir()
    (folder / "poms" / "pom.xml").write_text(BASE_POM)
    await maven([], folder, tools)
    await maven([f"-Dquantumlayer.artifact={':'.join(JUNIT)}"], folder, tools)
    await asyncio.to_thread(forget, folder, ("poms", "models", JARS))


async def build_session(folder: Path, tools: Tools) -> None:
    """Prove that our JUnit is the one that we know, and compile our main class against it."""
    group, name, version = JUNIT
    place = tools.repository / "repository" / group.replace(".", "/") / name / version
    jar = place / f"{name}-{version}.jar"
    found = hashlib.sha256(await asyncio.to_thread(jar.read_bytes)).hexdigest()
    if found != JUNIT_SHA256:
        raise DependencyError(
            f"{name} {version} is not the file that it should be (sha256 {found}). Remove "
            f"{tools.repository} and see where Maven gets its packages from.",
            fault=Fault.INFRASTRUCTURE,
        )
    shutil.copy(jar, folder / "junit.jar")
    (folder / "classes").mkdir()
    await compiled(folder, SOURCE, "junit.jar", "classes", tools)


async def compiled(
    folder: Path,
    source: Path,
    libraries: str,
    target: str,
    tools: Tools,
    reads: tuple[Mount, ...] = (),
) -> None:
    """Compile a class of ours, for the oldest Java that it has to run on."""
    copy = folder / source.name.removesuffix(".txt")
    shutil.copy(source, copy)
    command = [str(tools.place / "bin" / "javac"), "--release", str(OLDEST), "-nowarn"]
    status, said = await run_installer(
        [*command, "-cp", libraries, "-d", target, copy.name],
        folder=folder,
        reads=(*tools.mounts, *reads),
    )
    if status != 0:
        raise DependencyError(
            f"{copy.name} cannot be compiled: {said[:LONGEST_REASON]}",
            fault=Fault.INFRASTRUCTURE, output=said,
        )  # fmt: skip


async def maven(words: list[str], folder: Path, tools: Tools) -> Resolved:
    """Ask our reader inside of Maven, with the repository in a folder. Raises DependencyError."""
    command, access = await java_access(folder)
    (folder / "none.xml").write_text(EMPTY_POM)
    home = next((str(mount.target) for mount in tools.mounts if mount.target == JDK), "")
    status, said = await run_installer(
        [*command, "-f", "none.xml", f"-Dmaven.ext.class.path={tools.reader}",
         f"-Dquantumlayer.folder={folder}", *words, "validate"],
        folder=folder,
        environment={"JAVA_HOME": home} if home else {},
        reads=(*tools.mounts, same_place(tools.reader)),
        access=access,
    )  # fmt: skip
    answer = folder / "resolved.tsv"
    if status != 0 or not answer.is_file():
        raise DependencyError(
            f"Maven does not work here: {' '.join(said.split())[:LONGEST_REASON]}",
            fault=Fault.INFRASTRUCTURE, output=said,
        )  # fmt: skip
    try:
        return resolved(answer.read_text().splitlines())
    except NotUnderstood as problem:
        raise undetermined(placed(problem, folder / "poms"), said) from problem
    except Malformed as problem:
        raise DependencyError(str(problem), fault=Fault.PROJECT, output=said) from problem


def placed(problem: NotUnderstood, root: Path) -> NotUnderstood:
    """The same, at the line of the build file that a pom was made from."""
    pom = root / problem.path
    found = place_in(pom.read_text(), problem.line) if problem.line and pom.is_file() else None
    return problem if found is None else NotUnderstood(problem.reason, path=found[0], line=found[1])


def undetermined(problem: NotUnderstood, said: str = "") -> DependencyError:
    """What could not be found out, with the line."""
    place = Diagnostic(path=problem.path, line=problem.line, message=problem.reason)
    return DependencyError(
        str(problem)[:LONGEST_REASON],
        fault=Fault.INFRASTRUCTURE, output=said, undetermined=(place,),
    )  # fmt: skip


def forget(folder: Path, leftovers: tuple[str, ...]) -> None:
    """Remove what was needed to ask; settings may name what the deployment keeps secret."""
    for name in leftovers:
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "settings.xml").unlink(missing_ok=True)
