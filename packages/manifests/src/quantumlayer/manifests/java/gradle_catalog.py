"""Gradle's version catalogs: libraries and bundles by the names that build files use."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

from quantumlayer.manifests.model import NotUnderstood


@dataclass
class Catalog:
    """`libraries`: accessor → (group, name, version); `bundles`, `versions`, `plugins` likewise."""

    libraries: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    bundles: dict[str, list[str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    plugins: dict[str, tuple[str, str]] = field(default_factory=dict)


def accessor(alias: str) -> str:
    """The name of an alias in build files."""
    return re.sub(r"[-_]", ".", alias)


def catalog(text: str, path: str) -> Catalog:
    """Read a catalog. Raises NotUnderstood."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotUnderstood(f"it is not valid TOML: {error}", path=path) from error
    made = Catalog()
    for alias, version in given.get("versions", {}).items():
        made.versions[accessor(alias)] = _version(version, {}, path, text, alias)
    for alias, entry in given.get("libraries", {}).items():
        made.libraries[accessor(alias)] = _library(entry, made, path, text, alias)
    for alias, members in given.get("bundles", {}).items():
        made.bundles[accessor(alias)] = [accessor(one) for one in members]
    for alias, entry in given.get("plugins", {}).items():
        if isinstance(entry, str):
            name, _, version = entry.partition(":")
        else:
            name = str(entry.get("id", ""))
            version = _version(entry.get("version", ""), made.versions, path, text, alias)
        made.plugins[accessor(alias)] = (name, version)
    return made


def _library(
    entry: object, made: Catalog, path: str, text: str, alias: str
) -> tuple[str, str, str]:
    if isinstance(entry, str):
        words = entry.split(":")
        if len(words) < 2:
            raise NotUnderstood(f"`{entry}` names no library", path=path, line=_line(text, alias))
        return words[0], words[1], words[2] if len(words) > 2 else ""
    if not isinstance(entry, dict):
        raise NotUnderstood(f"`{alias}` names no library", path=path, line=_line(text, alias))
    group, name = entry.get("group", ""), entry.get("name", "")
    if "module" in entry:
        group, _, name = str(entry["module"]).partition(":")
    version = _version(entry.get("version", ""), made.versions, path, text, alias)
    return str(group), str(name), version


def _version(given: object, versions: dict[str, str], path: str, text: str, alias: str) -> str:
    """A version as written: a word, a reference, or a rich one whose strictest word is taken."""
    if isinstance(given, str):
        return given
    if isinstance(given, dict):
        if "ref" in given:
            found = versions.get(accessor(str(given["ref"])))
            if found is None:
                raise NotUnderstood(
                    f"the version `{given['ref']}` is not declared", path=path,
                    line=_line(text, alias),
                )  # fmt: skip
            return found
        for word in ("strictly", "require", "prefer"):
            if isinstance(given.get(word), str):
                return str(given[word])
    return ""


def _line(text: str, alias: str) -> int | None:
    place = re.search(rf"(?m)^\s*['\"]?{re.escape(alias)}['\"]?\s*=", text)
    return text.count("\n", 0, place.start()) + 1 if place else None


def entries(made: Catalog, name: str) -> Iterator[tuple[str, str, str]]:
    """The libraries that an accessor without its catalog's name stands for; none if unknown."""
    plain = name.removesuffix(".get()").removesuffix(".get")
    if plain.startswith("bundles."):
        for member in made.bundles.get(plain.removeprefix("bundles."), []):
            if member in made.libraries:
                yield made.libraries[member]
    elif plain in made.libraries:
        yield made.libraries[plain]
