"""Poms as they are written: which files they are, what they declare, and on which line."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from quantumlayer.manifests.found import Found
from quantumlayer.manifests.model import Ecosystem, ProjectFiles

_POM = re.compile(rb"<project[\s>]")
_MODEL = re.compile(rb"<modelVersion>|maven\.apache\.org/POM|<artifactId>")
_NAMESPACE = re.compile(r'\sxmlns(:\w+)?="[^"]*"|\sxsi:\w+="[^"]*"')
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_DECLARED = re.compile(r"encoding=[\"']([\w.:-]+)[\"']")
_ASKS_FOR_FILES = re.compile(rb"<(?:exists|missing)>")


def poms(files: ProjectFiles) -> dict[str, bytes]:
    """The files that are poms, by what they hold: parents may have any name."""
    found = {}
    for path in files.paths():
        if PurePosixPath(path).suffix not in {".xml", ".pom"}:
            continue
        content = files.content(path)
        if content and _POM.search(content[:8192]) and _MODEL.search(content):
            found[path] = content
    return found


def asks_for_files(content: bytes) -> bool:
    """Whether a profile of a pom is chosen by files that are there."""
    return _ASKS_FOR_FILES.search(content) is not None


def xml_text(content: bytes) -> str:
    """The text of an XML file in the encoding that it declares."""
    head = _DECLARED.search(content[:200].decode("latin-1"))
    try:
        return content.decode(head[1] if head else "utf-8-sig")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", errors="replace")


def pom_xml(text: str) -> Iterator[Found]:
    """The dependencies that a pom declares, with its own properties put in."""
    root = _root(text)
    if root is None:
        return
    properties = properties_of(root)
    for entry in root.findall("dependencies/dependency"):
        words = [
            filled((entry.findtext(name) or "").strip(), properties)
            for name in ("groupId", "artifactId", "version")
        ]
        yield Ecosystem.MAVEN, f"{words[0]}:{words[1]}", words[2], entry.find("systemPath") is None


def properties_of(root: ET.Element) -> dict[str, str]:
    """A pom's own properties, and what it says of itself."""
    found = {entry.tag: (entry.text or "").strip() for entry in root.findall("properties/*")}
    for name in ("groupId", "version"):
        value = root.findtext(name) or root.findtext(f"parent/{name}") or ""
        found[f"project.{name}"] = value.strip()
    return found


def filled(text: str, properties: dict[str, str]) -> str:
    """A text with the properties that are known put in."""
    for _ in range(10):
        made = _REFERENCE.sub(lambda found: properties.get(found[1], found[0]), text)
        if made == text:
            return text
        text = made
    return text


def _root(text: str) -> ET.Element | None:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", _NAMESPACE.sub("", text))
    try:
        return ET.fromstring(plain)  # noqa: S314 - without entities
    except ET.ParseError:
        return None


def source_encodings(files: ProjectFiles) -> dict[str, str]:
    """Folder of a pom → the encoding that it declares for sources, inherited within the project."""
    read = {path: _root(xml_text(content)) for path, content in poms(files).items()}
    roots = {path: root for path, root in read.items() if root is not None}
    found = {}
    for path in roots:
        if PurePosixPath(path).name == "pom.xml":
            properties: dict[str, str] = {}
            declared = ""
            for one in _lineage(path, roots):
                properties = {**properties_of(one), **properties}
                declared = declared or _compiler_encoding(one)
            chosen = declared or properties.get("project.build.sourceEncoding", "")
            folder = str(PurePosixPath(path).parent)
            found[folder] = filled(chosen, properties)
    return {folder: name for folder, name in found.items() if name and "$" not in name}


def _lineage(path: str, roots: dict[str, ET.Element]) -> Iterator[ET.Element]:
    """A pom, its parent, and so on, as far as they stand in the project."""
    seen: set[str] = set()
    while path in roots and path not in seen:
        seen.add(path)
        yield roots[path]
        parent = roots[path].find("parent")
        if parent is None:
            return
        relative = parent.findtext("relativePath")
        place = _joined(path, "../pom.xml" if relative is None else relative.strip())
        path = place if place in roots else f"{place}/pom.xml".removeprefix("./")


def _joined(path: str, relative: str) -> str:
    parts = list(PurePosixPath(path).parent.parts)
    for part in PurePosixPath(relative).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _compiler_encoding(root: ET.Element) -> str:
    for place in ("build/plugins/plugin", "build/pluginManagement/plugins/plugin"):
        for plugin in root.findall(place):
            if plugin.findtext("artifactId") == "maven-compiler-plugin":
                found = plugin.findtext("configuration/encoding")
                if found:
                    return found.strip()
    return ""
