"""Reading a capsule: nothing of the archive is used before it has been checked."""

import hashlib
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.capsule import layout, verifier
from quantumlayer.qlayer.capsule.manifest import (
    CapsuleFile,
    CapsuleManifest,
    PictureFile,
    RunRecord,
)
from quantumlayer.qlayer.paths import PathEscapesTree, confined
from quantumlayer.qlayer.quality import QualityReport
from quantumlayer.qlayer.requirements import Requirements

NounT = TypeVar("NounT", bound=BaseModel)
_EVIDENCE = frozenset(
    {
        *(layout.REQUIREMENTS, layout.BLUEPRINT, layout.QUALITY, layout.QUALITY_PAGE),
        *(layout.SBOM, layout.VERIFIER),
    }
)


class CapsuleRefused(Exception):  # noqa: N818 - it says what happened
    """Not a capsule, or one that cannot be used; the message says why, for people."""


@dataclass(frozen=True)
class Capsule:
    """What a capsule holds, its files by path. Not yet verified: see `verify_capsule`."""

    manifest: CapsuleManifest
    requirements: Requirements
    blueprint: Blueprint
    quality: QualityReport
    run: RunRecord
    signer: str
    files: Mapping[str, bytes]


def inspect_capsule(source: Path | bytes) -> Capsule:
    """The parts of a capsule, for showing. Raises CapsuleRefused."""
    files = read_files(source)
    manifest = manifest_of(files)
    try:
        signer = verifier.fingerprint(verifier.raw_key(files.get(layout.PUBLIC_KEY, b"")))
    except verifier.Refused as error:
        raise CapsuleRefused(str(error)) from None
    return Capsule(
        manifest=manifest,
        requirements=part(files, layout.REQUIREMENTS, Requirements),
        blueprint=part(files, layout.BLUEPRINT, Blueprint),
        quality=part(files, layout.QUALITY, QualityReport),
        run=part(files, layout.RUN, RunRecord),
        signer=signer,
        files=files,
    )


def unpack_capsule(source: Path | bytes, destination: Path) -> CapsuleManifest:
    """Write a capsule's files into the new folder `destination`: all of them, or none.

    Files must be those that the manifest lists. Raises CapsuleRefused, also when the folder
    exists and holds something.
    """
    files = read_files(source)
    manifest = manifest_of(files)
    problems = file_problems(files, manifest)
    if problems:
        raise CapsuleRefused("; ".join(problems[:5]))
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise CapsuleRefused(f"{destination} exists already; name a new or an empty folder")
    try:
        _write(files, destination)
    except OSError as error:
        raise CapsuleRefused(f"{destination} cannot be written: {error.strerror}") from None
    return manifest


def read_files(source: Path | bytes) -> dict[str, bytes]:
    """Every file of the archive, once it is known to be harmless. Raises CapsuleRefused."""
    try:
        if isinstance(source, Path):
            if source.stat().st_size > verifier.MAX_BYTES:
                raise CapsuleRefused(f"larger than {verifier.MAX_BYTES} bytes")
            source = source.read_bytes()
        files = verifier.read_archive(source)
    except verifier.Refused as error:
        raise CapsuleRefused(str(error)) from None
    except OSError as error:
        raise CapsuleRefused(f"cannot be read: {error.strerror or error}") from None
    known = _EVIDENCE | {layout.MANIFEST, *layout.NOT_REPRODUCIBLE}
    for path in files:
        if path not in known:
            try:
                confined(path.removeprefix(layout.PICTURES))
            except PathEscapesTree as error:
                raise CapsuleRefused(str(error)) from None
    return files


def manifest_of(files: Mapping[str, bytes]) -> CapsuleManifest:
    """The manifest. Raises CapsuleRefused."""
    if layout.MANIFEST not in files:
        raise CapsuleRefused(f"no {layout.MANIFEST}: this is not a capsule")
    manifest = part(files, layout.MANIFEST, CapsuleManifest)
    if manifest.not_reproducible != layout.NOT_REPRODUCIBLE:
        raise CapsuleRefused(f"{layout.MANIFEST} leaves out files that must be listed")
    return manifest


def part(files: Mapping[str, bytes], path: str, noun: type[NounT]) -> NounT:
    """The noun at `path`. Raises CapsuleRefused."""
    if path not in files:
        raise CapsuleRefused(f"{path} is missing")
    try:
        return noun.model_validate_json(files[path])
    except (ValidationError, RecursionError) as error:
        first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "too deep"
        raise CapsuleRefused(f"{path} is not what it should be: {first}") from None


def file_problems(files: Mapping[str, bytes], manifest: CapsuleManifest) -> tuple[str, ...]:
    """Files that are missing, changed, or not listed."""
    listed: dict[str, CapsuleFile | PictureFile] = {file.path: file for file in manifest.files}
    pictures = pictures_in(files)
    listed |= pictures
    expected = {layout.MANIFEST, *layout.NOT_REPRODUCIBLE, *listed}
    problems = [f"{path} is missing" for path in sorted((expected | _EVIDENCE) - set(files))]
    problems += [f"{path} is not listed" for path in sorted(set(files) - expected)]
    if len(listed) != len(manifest.files) + len(pictures):
        problems.append(f"{layout.MANIFEST} lists a file twice")
    problems += [
        f"{path} was changed"
        for path, file in listed.items()
        if path in files
        and (
            len(files[path]) != file.size or hashlib.sha256(files[path]).hexdigest() != file.sha256
        )
    ]
    return tuple(problems)


def pictures_in(files: Mapping[str, bytes]) -> dict[str, PictureFile]:
    """The pictures that the record of the run lists, by path; none where it cannot be read."""
    try:
        listed = part(files, layout.RUN, RunRecord).pictures
    except CapsuleRefused:
        return {}
    return {one.path: one for one in listed if one.path.startswith(layout.PICTURES)}


def _write(files: Mapping[str, bytes], destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    draft = destination.with_name(f".{destination.name}.{secrets.token_hex(6)}")
    try:
        for path, content in files.items():
            target = draft.joinpath(*path.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if destination.exists():
            destination.rmdir()
        draft.replace(destination)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
