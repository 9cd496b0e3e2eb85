"""The `dependencies` of a Gradle build file."""

import re
from collections.abc import Iterator

from quantumlayer.manifests.java.gradle_catalog import entries
from quantumlayer.manifests.java.gradle_model import SCOPES, Draft, Wanted
from quantumlayer.manifests.java.gradle_text import Statement
from quantumlayer.manifests.java.gradle_values import Value
from quantumlayer.manifests.model import NotUnderstood

_CONFIGURED = re.compile(r"^['\"]?(?P<name>[A-Za-z]\w*)['\"]?\s*(?P<rest>[\s(].*)$", re.DOTALL)
_ADDED = re.compile(r"^add\(\s*['\"](?P<name>\w+)['\"]\s*,\s*(?P<rest>.*)\)$", re.DOTALL)
_WRAPPED = re.compile(r"^(?:enforcedPlatform|platform)\s*\((?P<rest>.*)\)$", re.DOTALL)
_MODULE = re.compile(r"^project\s*\(\s*(?:path\s*[:=]\s*)?['\"](?P<path>[:\w./-]+)['\"]\s*\)$")
_ACCESSOR = re.compile(r"^projects\.(?P<path>[\w.]+)$")
_FILES = re.compile(r"^(?:project\.|rootProject\.)?files\s*\((?P<rest>.*)\)$", re.DOTALL)
_TREE = re.compile(r"^(?:project\.)?fileTree\s*\(?(?P<rest>.*?)\)?$", re.DOTALL)
_EXCLUDED = re.compile(r"\b(group|module)\s*[:=]\s*['\"]([\w.-]+)['\"]")
_BOMS = frozenset(
    {
        "SpringBootPlugin.BOM_COORDINATES",
        "org.springframework.boot.gradle.plugin.SpringBootPlugin.BOM_COORDINATES",
    }
)
SPRING_BOOT = "org.springframework.boot"


def read_dependencies(draft: Draft, given: list[Statement], kind: str = "library") -> None:
    """Take in what a block declares. Raises NotUnderstood for code that decides about it."""
    for one in given:
        if one.text == "constraints" and one.block is not None:
            read_dependencies(draft, one.block, "constraint")
            continue
        added = _ADDED.match(one.text)
        configured = added or _CONFIGURED.match(one.text)
        if configured is None:
            if one.block is None and re.match(r"^[\w.]+$", one.text):
                continue
            raise unread(draft, one)
        name = configured["name"]
        if name not in SCOPES:
            if name in {"if", "for", "while", "else", "def", "val", "when", "try"} or (
                one.block is not None
                and re.search(r"\b(?:implementation|api|test\w+)\b", str(one.block))
            ):
                raise unread(draft, one)
            continue
        for text in parts(configured["rest"]):
            draft.wanted += [*wanted(draft, one, name, text, kind)]


def unread(draft: Draft, one: Statement) -> NotUnderstood:
    return NotUnderstood(
        f"`{one.text[:80]}` decides about dependencies, and build files are not run here",
        path=draft.path, line=one.line,
    )  # fmt: skip


def parts(rest: str) -> Iterator[str]:
    """The arguments of a configuration, each as it is written; a map of words is one."""
    text = rest.strip()
    if text.startswith("(") and closes_at_end(text):
        text = text[1:-1].strip()
    if re.match(r"^(?:group|name|path)\s*[:=]", text):
        yield f"[{text}]"
        return
    depth, begun, quote = 0, 0, ""
    for place, mark in enumerate(text):
        if quote:
            quote = "" if mark == quote and text[place - 1] != "\\" else quote
        elif mark in "'\"":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "," and depth == 0:
            yield text[begun:place].strip()
            begun = place + 1
    if text[begun:].strip():
        yield text[begun:].strip()


def closes_at_end(text: str) -> bool:
    """Whether the bracket that a text begins with closes at its end."""
    depth = 0
    for place, mark in enumerate(text):
        depth += (mark in "([{") - (mark in ")]}")
        if depth == 0:
            return place == len(text) - 1
    return False


def wanted(
    draft: Draft, one: Statement, configuration: str, text: str, kind: str
) -> Iterator[Wanted]:
    """What one argument stands for."""
    bom = _WRAPPED.match(text)
    module = _MODULE.match(text) or _ACCESSOR.match(text)
    files = _FILES.match(text)
    if text.startswith("{") or "->" in text.split("(", maxsplit=1)[0]:
        return
    if bom is not None:
        yield from wanted(draft, one, configuration, bom["rest"].strip(), "bom")
    elif module is not None:
        yield Wanted("module", configuration, folder_of(draft, module["path"], one),
                     path=draft.path, line=one.line)  # fmt: skip
    elif files is not None:
        draft.jars += [inside(draft, word) for word in draft.words(files["rest"], one.line)]
    elif text.startswith(("fileTree", "project.fileTree")):
        tree = _TREE.match(text)
        words = re.findall(r"['\"]([^'\"]+)['\"]", tree["rest"] if tree else "")
        if not words:
            raise unread(draft, one)
        draft.jars.append(f"{inside(draft, words[0])}/*.jar")
    else:
        for coordinates in named(draft, text, one):
            yield library(draft, one, configuration, coordinates, kind)


def folder_of(draft: Draft, path: str, one: Statement) -> str:
    plain = path if ":" in path else path.replace(".", ":")
    for known, folder in draft.folders.items():
        # An accessor writes `my-core` as `myCore`.
        if known.strip(":") == plain.strip(":") or (
            ":" not in path
            and re.sub(r"[-_](\w)", lambda m: m[1].upper(), known.strip(":")) == plain
        ):
            return folder
    raise NotUnderstood(f"the module `{path}` is not there", path=draft.path, line=one.line)


def inside(draft: Draft, word: str) -> str:
    plain = re.sub(r"^(?:/?\./)", "", word).lstrip("/")
    return plain if draft.folder == "." else f"{draft.folder}/{plain}"


def named(draft: Draft, text: str, one: Statement) -> Iterator[tuple[str, ...]]:
    """(group, name, version, classifier) of what an expression names."""
    plain = re.sub(r"\s+", "", text)
    if plain in _BOMS:
        version = draft.plugins.get(SPRING_BOOT, ("", ""))[0]
        yield SPRING_BOOT, "spring-boot-dependencies", version, ""
        return
    owner, _, rest = plain.partition(".")
    catalog = draft.catalogs.get(owner)
    if catalog is not None and rest and not rest.startswith("versions."):
        found = list(entries(catalog, rest))
        if not found:
            raise NotUnderstood(
                f"`{plain}` is not in the version catalog", path=draft.path, line=one.line
            )
        yield from ((*entry, "") for entry in found)
        return
    value = draft.value(text, one.line)
    for single in value if isinstance(value, list) else [value]:
        yield split(draft, single, one)


def split(draft: Draft, value: Value, one: Statement) -> tuple[str, ...]:
    if isinstance(value, dict):
        words = [str(value.get(key, "")) for key in ("group", "name", "version", "classifier")]
        if words[1]:
            return tuple(words)
    elif isinstance(value, str):
        words = value.partition("@")[0].split(":")
        if len(words) >= 2:
            return tuple([*words, "", ""][:4])
    raise NotUnderstood(f"`{one.text[:80]}` names no library", path=draft.path, line=one.line)


def library(
    draft: Draft, one: Statement, configuration: str, coordinates: tuple[str, ...], kind: str
) -> Wanted:
    group, name, version, classifier = coordinates
    excludes: list[tuple[str, str]] = []
    for inner in one.block or []:
        if inner.text.startswith("exclude"):
            said = dict(_EXCLUDED.findall(inner.text))
            excludes.append((said.get("group", "*"), said.get("module", "*")))
        elif re.match(r"(?:isTransitive|transitive)\s*=\s*false", inner.text):
            excludes.append(("*", "*"))
        else:
            rich = re.match(r"version\b.*?['\"]([^'\"]+)['\"]", f"{inner.text} {inner.block or ''}")
            version = version or (rich[1] if rich else "")
    return Wanted(
        kind=kind,
        configuration=configuration,
        group=group,
        name=name,
        version=maven_version(version),
        classifier=classifier,
        excludes=tuple(excludes),
        path=draft.path,
        line=one.line,
    )


def maven_version(version: str) -> str:
    """A version of Gradle's in Maven's words."""
    plain = version.removesuffix("!!")
    if plain == "+" or plain.startswith("latest."):
        return "[0,)"
    moving = re.match(r"^(?P<kept>(?:\d+\.)*)(?P<last>\d+)\.\+$", plain)
    if moving is not None:
        return f"[{moving['kept']}{moving['last']},{moving['kept']}{int(moving['last']) + 1})"
    return plain
