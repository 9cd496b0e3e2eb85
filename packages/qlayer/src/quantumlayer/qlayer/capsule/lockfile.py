"""What a project depends on, read from its lock: name, exact version, hashes."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from packageurl import PackageURL
from packaging.utils import canonicalize_name

_PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*==\s*(?P<version>[^\s;\\]+)"
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


@dataclass(frozen=True, order=True)
class LockedPackage:
    """One dependency; `hashes` are (algorithm, hexadecimal digest), any of which it may have.

    `version` is "" where the project names a dependency without locking it.
    """

    ecosystem: str
    name: str
    version: str
    hashes: tuple[tuple[str, str], ...] = ()

    @property
    def purl(self) -> PackageURL:
        """Its package URL: `pkg:pypi/fastapi@0.115.0`."""
        group, _, name = self.name.rpartition("/")
        return PackageURL(self.ecosystem, group or None, name, self.version or None)


def locked_packages(contents: Mapping[str, bytes]) -> tuple[LockedPackage, ...]:
    """Every package that runs with the project, sorted; from the lock files at its root."""
    found = _from_requirements(contents.get("requirements.txt", b""))
    if "package-lock.json" in contents:
        found |= _from_package_lock(contents["package-lock.json"])
    elif "package.json" in contents:
        found |= _from_package_json(contents["package.json"])
    return tuple(sorted(found))


def lock_files(contents: Mapping[str, bytes]) -> tuple[str, ...]:
    """The files that `locked_packages` reads."""
    known = ("package-lock.json", "package.json", "requirements.txt")
    return tuple(name for name in known if name in contents)


def _from_requirements(data: bytes) -> set[LockedPackage]:
    text = data.decode("utf-8", errors="replace").replace("\\\n", " ")
    found = set()
    for line in text.splitlines():
        pinned = _PINNED.match(line.strip())
        if pinned:
            hashes = tuple(sorted(("sha256", digest) for digest in _HASH.findall(line)))
            name = canonicalize_name(pinned["name"])
            found.add(LockedPackage("pypi", name, pinned["version"], hashes))
    return found


def _from_package_lock(data: bytes) -> set[LockedPackage]:
    packages = _object(_parsed(data).get("packages"))
    found = set()
    for path, entry in packages.items():
        name = path.rpartition("node_modules/")[2]
        facts = _object(entry)
        version = facts.get("version")
        if path and name and isinstance(version, str) and not facts.get("dev"):
            hashes = _integrity(facts.get("integrity"))
            found.add(LockedPackage("npm", name, version, hashes))
    return found


def _from_package_json(data: bytes) -> set[LockedPackage]:
    return {LockedPackage("npm", name, "") for name in _object(_parsed(data).get("dependencies"))}


def _integrity(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, str):
        return ()
    algorithm, _, encoded = value.partition("-")
    try:
        return ((algorithm, base64.b64decode(encoded, validate=True).hex()),)
    except (binascii.Error, ValueError):
        return ()


def _parsed(data: bytes) -> dict[str, object]:
    try:
        return _object(json.loads(data))
    except (ValueError, RecursionError):
        return {}


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
