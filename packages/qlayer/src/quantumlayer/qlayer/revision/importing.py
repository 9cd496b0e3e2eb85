"""An archive that somebody sent → the base of a revision; nothing of it is believed unchecked."""

import hashlib
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.manifests import FilesInMemory
from quantumlayer.qlayer.capsule.layout import FOLDER, MANIFEST
from quantumlayer.qlayer.checking.archives import unpack
from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.checking.material import folder_material
from quantumlayer.qlayer.noun import slug
from quantumlayer.qlayer.paths import PathEscapesTree, colliding, confined
from quantumlayer.qlayer.requirements import ApplicationKind, Language
from quantumlayer.qlayer.revision.base import USER, Base
from quantumlayer.qlayer.revision.capsules import base_of_capsule
from quantumlayer.qlayer.revision.packing import LINKED, left_out, programs_in, require_bounded
from quantumlayer.qlayer.revision.roles import role_of_path
from quantumlayer.qlayer.revision.secrecy import is_secret
from quantumlayer.qlayer.source_tree import SourceFile, SourceTree
from quantumlayer.qlayer.stacks import fitting, kind_of
from quantumlayer.qtest import find_units

_SUMMARY_CHARACTERS = 1_500
_READMES = ("README.md", "README.rst", "README.txt", "README", "readme.md")


@dataclass(frozen=True)
class Imported:
    """A base, and the contents of its tree by path."""

    base: Base
    contents: Mapping[str, bytes]


def imported(archive: Path, name: str) -> Imported:
    """The project in a zip, called `name` where it does not say so itself.

    Raises Refused for what is harmful, too large, not signed as it says, or holds nothing that can
    be verified.
    """
    with tempfile.TemporaryDirectory(prefix="ql-base-") as folder:
        root = Path(folder) / "project"
        root.mkdir()
        _require_promised(archive)
        unpack(archive, root)
        if (root / MANIFEST).is_file():
            files = _all_files(root)
            return Imported(*base_of_capsule(files, programs_in(root, files), _links(root)))
        material = folder_material(root, Path(folder) / "copy")
        require_bounded(len(material.files), sum(material.files.values()))
        found = {path: (material.root / path).read_bytes() for path in material.files}
        contents, notes = usable(found)
        return Imported(
            _read_off(
                material.root,
                name,
                contents,
                (*material.notes, *left_out(material.links, LINKED), *notes),
            ),
            contents,
        )


def _require_promised(archive: Path) -> None:
    """Raises Refused for an archive that says itself that it holds far too much to be unpacked."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [one for one in opened.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused(f"The archive cannot be read: {error}.") from None
    beside = [one for one in entries if one.filename.startswith(FOLDER)]
    size = sum(one.file_size for one in entries) - sum(one.file_size for one in beside)
    require_bounded(len(entries) - len(beside), size)


def usable(found: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """What a tree can hold of these files, and sentences on the rest."""
    secret = [path for path, content in found.items() if is_secret(path, content)]
    unfit = [path for path in found if path not in secret and not _is_confined(path)]
    kept = {path: found[path] for path in found if path not in secret and path not in unfit}
    if collision := colliding(kept):
        raise Refused(f"Not every file system can hold both {' and '.join(collision)}.")
    return kept, (
        *left_out(secret, "may hold secrets"),
        *left_out(unfit, "no capsule can carry such a name"),
    )


def _all_files(root: Path) -> dict[str, bytes]:
    paths = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(paths)}


def _links(root: Path) -> list[str]:
    return sorted(
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_symlink()
    )


def _read_off(root: Path, name: str, contents: Mapping[str, bytes], notes: tuple[str, ...]) -> Base:
    """What files tell of a project that has no requirements yet."""
    units = find_units(root)
    tested = [unit for unit in units if unit.tested] or list(units)
    if not tested:
        known = ", ".join(one.proper_name for one in Language)
        raise Refused(f"There is no source in it of a language that can be verified: {known}.")
    language = Language(tested[0].language.value)
    programs = programs_in(root, contents)
    fit = [one for one in fitting(FilesInMemory(contents)) if language.value in one.languages]
    return Base(
        name=slug(name, fallback="project"),
        title=name[:120] or "Project",
        summary=_summary(contents),
        kind=kind_of(fit[0]) if fit else ApplicationKind.LIBRARY,
        language=language,
        framework=fit[0].title if fit else "",
        tree=SourceTree(
            files=tuple(
                SourceFile(
                    path=path,
                    sha256=hashlib.sha256(content).hexdigest(),
                    size=len(content),
                    role=role_of_path(path),
                    origin=USER,
                    executable=path in programs,
                )
                for path, content in sorted(contents.items())
            )
        ),
        notes=notes,
    )


def _summary(contents: Mapping[str, bytes]) -> str:
    """How its own words begin."""
    name = next((one for one in _READMES if one in contents), None)
    return contents[name].decode(errors="replace")[:_SUMMARY_CHARACTERS] if name else ""


def _is_confined(path: str) -> bool:
    try:
        confined(path)
    except PathEscapesTree:
        return False
    return True
