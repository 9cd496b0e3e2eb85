"""Java: the JDK of this machine, JUnit, and the libraries that a build file asks for.

Libraries come through Maven's own client, which is shown a build file of ours with nothing in it
but the project's dependencies: no plugin, no extension, no repository that the project chose.
"""

import asyncio
import functools
import hashlib
import re
import shutil
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from quantumlayer.qtest.environments.access import java_access
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.toolchains import ask, present, require, shown
from quantumlayer.qtest.errors import DependencyError, Fault, ToolMissing
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import covered
from quantumlayer.qtest.untrusted import text_of

RECIPE = "1"
JDK = PurePosixPath("/opt/jdk")
SESSION = PurePosixPath("/opt/java-session")
LIBRARIES = PurePosixPath("/opt/java-libraries")
SOURCE = Path(__file__).parent.parent / "payload" / "java" / "QuantumLayerSession.java.txt"
JUNIT = ("org.junit.platform", "junit-platform-console-standalone", "1.10.2")
JUNIT_SHA256 = "a1de557821293ce903c213c694165fff532cf92081bac4238b9e05b35f04f43f"
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
OLDEST = 17
LARGEST_FILE = 4 * 1024 * 1024
LONGEST_REASON = 500
NAMESPACE = re.compile(r'\sxmlns(:\w+)?="[^"]*"|\sxsi:\w+="[^"]*"')
GRADLE = re.compile(
    r"\b(?:implementation|api|compileOnly|runtimeOnly|annotationProcessor|testImplementation"
    r"|testRuntimeOnly|testCompileOnly)\s*\(?\s*['\"]([\w.-]+):([\w.-]+):([\w.-]+)['\"]"
)
COORDINATE = re.compile(r"^[\w.\-${}\[\](),]*$")
UNOBTAINABLE = re.compile(r"Could not find artifact|was not found in|Missing artifact|is missing")


async def java_environment(project: Path, cache: Path) -> Environment:
    """The JDK, JUnit with our main class compiled against it, and the project's libraries.

    Raises ToolMissing and DependencyError.
    """
    compiler = require("javac", "Java tests").resolve()
    require("java", "Java tests")
    version = ask("javac", "--version")
    number = int((re.findall(r"\d+", version) or ["0"])[0])
    if number < OLDEST:
        raise ToolMissing(f"{version} is too old for Java tests. Install JDK {OLDEST} or later.")
    home = compiler.parent.parent
    target, mounts = shown(home, JDK)
    jdk = (*mounts, *settings_of(home))
    session = await build_once(environment_folder(cache, session_key(version)), functools.partial(
        build_session, jdk=jdk, javac=target / "bin" / "javac", cache=cache
    ))  # fmt: skip
    libraries = await libraries_of(project, jdk, cache)
    mounts = (*jdk, Mount(source=session, target=SESSION))
    if libraries is not None:
        mounts = (*mounts, Mount(source=libraries, target=LIBRARIES))
    return Environment(
        language=Language.JAVA,
        key=session.name,
        folder=libraries,
        mounts=mounts,
        executable=target / "bin" / "java",
        variables=(("JAVA_HOME", str(target)),),
    )


def settings_of(home: Path) -> tuple[Mount, ...]:
    """Folders of /etc that distributions keep a JDK's own settings in."""
    links = [home / "conf" / "security", home / "conf", home / "lib" / "security"]
    places = {str(link.resolve()) for link in links if link.exists()}
    files = {str((home / "conf" / "net.properties").resolve().parent)}
    return present(*(place for place in places | files if place.startswith("/etc/java")
                     and not covered(Path(place))))  # fmt: skip


def session_key(version: str) -> str:
    parts = ["java", RECIPE, version, *JUNIT, JUNIT_SHA256, SOURCE.read_text()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


async def build_session(
    folder: Path, jdk: tuple[Mount, ...], javac: PurePosixPath, cache: Path
) -> None:
    """Get JUnit once, prove that it is the one we know, and compile our main class against it."""
    group, name, version = JUNIT
    repository = await base_repository(jdk, cache)
    jar = repository / group.replace(".", "/") / name / version / f"{name}-{version}.jar"
    found = hashlib.sha256(await asyncio.to_thread(jar.read_bytes)).hexdigest()
    if found != JUNIT_SHA256:
        raise DependencyError(
            f"{name} {version} is not the file that it should be (sha256 {found}). Remove "
            f"{repository.parent} and see where Maven gets its packages from.",
            fault=Fault.INFRASTRUCTURE,
        )
    shutil.copy(jar, folder / "junit.jar")
    source = folder / "QuantumLayerSession.java"
    shutil.copy(SOURCE, source)
    (folder / "classes").mkdir()
    status, said = await run_installer(
        [str(javac), "-cp", "junit.jar", "-d", "classes", source.name], folder=folder, reads=jdk
    )
    if status != 0:
        raise DependencyError(
            f"The Java session cannot be compiled: {said[:LONGEST_REASON]}",
            fault=Fault.INFRASTRUCTURE, output=said,
        )  # fmt: skip


async def base_repository(jdk: tuple[Mount, ...], cache: Path) -> Path:
    """A Maven repository with JUnit and the plugin that gets libraries, and with no project's.

    Every installation starts from a copy of its own, so that nothing is left for the next one.
    """
    key = hashlib.sha256("\0".join(["maven", RECIPE, PLUGIN, *JUNIT]).encode()).hexdigest()

    async def download(folder: Path) -> None:
        (folder / "pom.xml").write_text(own_pom([JUNIT]))
        await maven([f"{PLUGIN}:copy-dependencies", "-DoutputDirectory=jars"], folder, jdk)

    return await build_once(environment_folder(cache, key), download) / "repository"


async def maven(words: list[str], folder: Path, jdk: tuple[Mount, ...]) -> None:
    """Run Maven with the repository in a folder. Raises DependencyError."""
    command, access = await java_access(folder)
    home = next((str(mount.target) for mount in jdk if mount.target == JDK), "")
    status, said = await run_installer(
        [*command, *words],
        folder=folder,
        environment={"JAVA_HOME": home} if home else {},
        reads=jdk,
        access=access,
    )
    if status != 0:
        asked_for_too_much = UNOBTAINABLE.search(said) is not None
        raise DependencyError(
            f"Java libraries cannot be had: {' '.join(said.split())[:LONGEST_REASON]}",
            fault=Fault.PROJECT if asked_for_too_much else Fault.INFRASTRUCTURE,
            output=said,
        )


async def libraries_of(project: Path, jdk: tuple[Mount, ...], cache: Path) -> Path | None:
    """A folder of jars; None when the project needs nothing but JUnit."""
    wanted = dependencies_of(project)
    if not wanted:
        return None
    pom = own_pom(wanted)
    key = hashlib.sha256("\0".join(["jars", RECIPE, pom]).encode()).hexdigest()

    async def download(folder: Path) -> None:
        (folder / "pom.xml").write_text(pom)
        (folder / "jars").mkdir()
        base = await base_repository(jdk, cache)
        await asyncio.to_thread(shutil.copytree, base, folder / "repository")
        await maven(
            [f"{PLUGIN}:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}"], folder, jdk
        )
        await asyncio.to_thread(shutil.rmtree, folder / "repository")

    return await build_once(environment_folder(cache, key), download) / "jars"


def dependencies_of(project: Path) -> list[tuple[str, str, str]]:
    """(group, name, version) from pom.xml or build.gradle, JUnit 5 itself left out."""
    found: list[tuple[str, str, str]] = []
    for pom in sorted(project.rglob("pom.xml")):
        text = text_of(pom, largest=LARGEST_FILE)
        if text is not None:
            found += of_pom(text)
    for name in ("build.gradle", "build.gradle.kts"):
        for path in sorted(project.rglob(name)):
            text = text_of(path, largest=LARGEST_FILE) or ""
            found += [(g, a, v) for g, a, v in GRADLE.findall(text)]
    own = {pom.parent.name for pom in project.rglob("pom.xml")}
    return list(dict.fromkeys(
        entry for entry in found
        if not entry[0].startswith("org.junit") and not (entry[1] in own and not entry[2])
    ))  # fmt: skip


def of_pom(content: str) -> list[tuple[str, str, str]]:
    """The dependencies of one pom, with its own properties put in."""
    text = NAMESPACE.sub("", content)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refused("pom.xml declares entities")
    try:
        root = ET.fromstring(text)  # noqa: S314 - bounded, and without entities
    except ET.ParseError as error:
        raise refused(f"pom.xml is not valid XML: {error}") from error
    properties = {f"${{{entry.tag}}}": (entry.text or "").strip()
                  for entry in root.findall("properties/*")}  # fmt: skip
    properties["${project.version}"] = (root.findtext("version") or "").strip()
    entries = root.findall("dependencyManagement/dependencies/dependency")
    managed = {key(entry): entry.findtext("version") or "" for entry in entries}
    found = []
    for entry in root.findall("dependencies/dependency"):
        words = [*key(entry), entry.findtext("version") or managed.get(key(entry), "")]
        for number, word in enumerate(words):
            words[number] = properties.get(word.strip(), word.strip())
        group, name, version = words
        if entry.findtext("scope") == "system" or not all(map(COORDINATE.match, words)):
            raise refused(f"`{group}:{name}` does not come from the repository")
        found.append((group, name, version))
    return found


def key(entry: ET.Element) -> tuple[str, str]:
    return entry.findtext("groupId") or "", entry.findtext("artifactId") or ""


def own_pom(wanted: list[tuple[str, str, str]]) -> str:
    entries = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version></dependency>"
        for group, name, version in wanted
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>project</groupId>"
        "<artifactId>libraries</artifactId><version>1</version>"
        f"<dependencies>{entries}</dependencies></project>"
    )


def refused(reason: str) -> DependencyError:
    return DependencyError(f"The project's libraries were refused: {reason}.", fault=Fault.PROJECT)
