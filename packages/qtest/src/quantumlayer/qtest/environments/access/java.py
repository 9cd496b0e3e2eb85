"""Where Maven gets artifacts from: its own model of every project, and this machine's settings."""

import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from quantumlayer.qtest.environments.access.learning import named_hosts
from quantumlayer.qtest.environments.installing import PROXY_PORT
from quantumlayer.qtest.environments.toolchains import present, require
from quantumlayer.qtest.registries.endpoints import Registries, endpoints_of
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import covered, same_place
from quantumlayer.qtest.untrusted import text_of

SUPER_POM = "org/apache/maven/model/pom-4.0.0.xml"
KEPT = ("mirrors", "servers", "profiles", "activeProfiles")
# Of these nothing is secret, but for what an address may carry.
OPEN = ("mirrors", "profiles", "activeProfiles")
OF_PROFILES = ("id", "activation", "repositories", "pluginRepositories")
CREDENTIAL = re.compile(r"(?<=://)[^/\s<>@]+@")
ADDRESSED = ("mirrors/mirror/url", ".//repositories/repository/url",
             ".//pluginRepositories/pluginRepository/url")  # fmt: skip


async def java_access(folder: Path) -> tuple[list[str], Access]:
    """Maven's first words and its access, for work in `folder`. Raises ToolMissing.

    Its settings are written into the folder: the deployment's repositories, our way to them.
    """
    home = require("mvn", "Java projects with libraries (JUnit is one)").resolve().parent.parent
    own = [tree for place in settings_places(home) if (tree := parsed(place)) is not None]
    places = [*urls_of(own), *defaults_of(home)]
    settings = folder / "settings.xml"
    settings.write_text(settings_for(own))
    words = [
        "/bin/sh", str(home / "bin" / "mvn"), "-q", "-B",
        f"--settings={settings}", f"--global-settings={settings}",
        "-Dmaven.repo.local=" + str(folder / "repository"),
    ]  # fmt: skip
    named = endpoints_of(places) | named_hosts()
    return words, Access(Registries(named), {"MAVEN_SKIP_RC": "1"}, maven_mounts(home))


def open_maven_access() -> tuple[Registries, str]:
    """What may be reached, and settings without a credential, for code that nobody trusts.

    Raises ToolMissing.
    """
    home = require("mvn", "Java projects with libraries").resolve().parent.parent
    own = [tree for place in settings_places(home) if (tree := parsed(place)) is not None]
    named = endpoints_of([*urls_of(own), *defaults_of(home)]) | named_hosts()
    for profile in (each for tree in own for each in tree.iterfind("profiles/profile")):
        for part in [part for part in profile if part.tag not in OF_PROFILES]:
            profile.remove(part)
    return Registries(named), CREDENTIAL.sub("", settings_for(own, OPEN))


def settings_place() -> Path:
    """The file that this machine's Maven reads its settings from. Raises ToolMissing."""
    home = require("mvn", "Java projects with libraries").resolve().parent.parent
    return (home / "conf" / "settings.xml").resolve()


def settings_places(home: Path) -> list[Path]:
    """The settings of the user who runs us, and those of the installation."""
    return [Path.home() / ".m2" / "settings.xml", home / "conf" / "settings.xml"]


def parsed(place: Path) -> ET.Element | None:
    text = text_of(place.resolve())
    if text is None or "<!DOCTYPE" in text:
        return None
    try:
        root = ET.fromstring(text)  # noqa: S314 - the deployment's own file, without entities
    except ET.ParseError:
        return None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def urls_of(trees: Iterable[ET.Element]) -> list[str]:
    """The addresses of mirrors and repositories."""
    return [
        found.text or "" for tree in trees for path in ADDRESSED for found in tree.iterfind(path)
    ]


def defaults_of(home: Path) -> list[str]:
    """The repositories of the model that all projects inherit, in the installation itself."""
    import zipfile  # noqa: PLC0415 - only where something is installed

    for jar in sorted((home / "lib").glob("maven-model-builder*.jar")):
        with zipfile.ZipFile(jar) as archive:
            tree = ET.fromstring(archive.read(SUPER_POM))  # noqa: S314 - Maven's own
        for element in tree.iter():
            element.tag = element.tag.rpartition("}")[2]
        return urls_of([tree])
    return []


def settings_for(own: Iterable[ET.Element], kept: Iterable[str] = KEPT) -> str:
    """Settings with what says where artifacts are, and the proxy of the sandbox."""
    root = ET.Element("settings")
    proxies = ET.SubElement(root, "proxies")
    for protocol in ("http", "https"):
        proxy = ET.SubElement(proxies, "proxy")
        texts = {"id": protocol, "active": "true", "protocol": protocol, "host": "127.0.0.1",
                 "port": str(PROXY_PORT), "nonProxyHosts": "localhost|127.*"}  # fmt: skip
        for name, text in texts.items():
            ET.SubElement(proxy, name).text = text
    for name in kept:
        entries = [entry for tree in own for entry in tree.iterfind(f"{name}/*")]
        if entries:
            ET.SubElement(root, name).extend(entries)
    return ET.tostring(root, encoding="unicode")


def maven_mounts(home: Path) -> tuple[Mount, ...]:
    """Maven's folder, and the folders into which distributions put what belongs to it."""
    links = [path for folder in (home, *home.iterdir()) if folder.is_dir()
             for path in folder.iterdir() if path.is_symlink() and path.exists()]  # fmt: skip
    real = {path.resolve() for path in links}
    folders = {path if path.is_dir() else path.parent for path in real}
    # What a link leads to may be a link again: both folders have to be seen.
    beside = {path.parent / path.readlink() for path in links}
    folders |= {path.parent.resolve() for path in beside if not path.is_dir()}
    own = (same_place(home),) if not covered(home) else ()
    return (*own, *present(*sorted(str(folder) for folder in folders if not covered(folder))))
