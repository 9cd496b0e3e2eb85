"""Which Rust a project asks for: rust-version, edition, rust-toolchain files."""

import re
import tomllib
from typing import Any

from quantumlayer.manifests.cargo.manifest import CargoManifest
from quantumlayer.manifests.cargo.workspace import CargoRoot
from quantumlayer.manifests.model import NotUnderstood, ProjectFiles

# The first Rust that knows an edition.
_EDITIONS = {"2015": "1.0", "2018": "1.31", "2021": "1.56", "2024": "1.85"}
_NUMBERS = re.compile(r"^\D*(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_NAMES = ("rust-toolchain.toml", "rust-toolchain")


def check_rust(files: ProjectFiles, root: CargoRoot, here: str) -> None:
    """Raise NotUnderstood when a root asks for a Rust that is newer than `here`, or a nightly.

    `here` is what `rustc --version` says. Older toolchains that are asked for are not obeyed.
    """
    for manifest in (root.manifest, *root.members):
        for name in ("rust-version", "edition"):
            wanted, place = _inherited(manifest, root.manifest, name)
            if wanted is not None:
                _check(place, name, wanted, here)
    for path in _toolchain_files(root.folder):
        content = files.content(path)
        if content is not None:
            _check_channel(path, content.decode("utf-8", errors="replace"), here)
            return


def _inherited(
    manifest: CargoManifest, root: CargoManifest, name: str
) -> tuple[Any, CargoManifest]:
    """What a package says, or its workspace for it, and where that stands."""
    said = (manifest.package or {}).get(name)
    if isinstance(said, dict):
        shared = (root.workspace or {}).get("package", {})
        return shared.get(name), root
    return said, manifest


def _check(manifest: CargoManifest, name: str, wanted: object, here: str) -> None:
    if name == "rust-version":
        if _order(str(wanted)) > _order(here):
            said = f"Rust {wanted} is asked for, and this machine has Rust {_short(here)}"
            raise manifest.refuse(f"{said}; toolchains are not downloaded", name)
        return
    first = _EDITIONS.get(str(wanted))
    if (first is None and str(wanted) > max(_EDITIONS)) or (first and _order(first) > _order(here)):
        needs = f" (from Rust {first} on)" if first else ""
        raise manifest.refuse(
            f"edition {wanted}{needs} is asked for, and this machine has Rust {_short(here)}", name
        )


def _toolchain_files(folder: str) -> list[str]:
    """Where rustup would look, from a folder upwards, within the project."""
    words = [] if folder == "." else folder.split("/")
    folders = ["/".join(words[:count]) for count in range(len(words), -1, -1)]
    return [f"{one}/{name}" if one else name for one in folders for name in _NAMES]


def _check_channel(path: str, text: str, here: str) -> None:
    try:
        channel = str(tomllib.loads(text).get("toolchain", {}).get("channel", ""))
    except (tomllib.TOMLDecodeError, AttributeError):
        # The old form: the file holds nothing but the name.
        channel = text.strip()
    line = next((number for number, one in enumerate(text.splitlines(), 1) if channel in one), 1)
    nightly = channel.startswith("nightly") and "nightly" not in here
    newer = re.match(r"\d", channel) is not None and _order(channel) > _order(here)
    if nightly or newer:
        raise NotUnderstood(
            f"Rust {channel} is asked for, and this machine has Rust {_short(here)}; "
            "toolchains are not downloaded",
            path=path,
            line=line,
        )


def _order(version: str) -> tuple[int, ...]:
    match = _NUMBERS.match(version)
    return tuple(int(part or 0) for part in match.groups()) if match else (0, 0, 0)


def _short(here: str) -> str:
    return here.removeprefix("rustc ").partition(" ")[0]
