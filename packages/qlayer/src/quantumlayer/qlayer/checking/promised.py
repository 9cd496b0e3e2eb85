"""What a capsule was asked for: a check of one says what is missing, as its own report does."""

from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from quantumlayer.manifests import regular_content
from quantumlayer.qlayer.blueprint import Blueprint, FileRole
from quantumlayer.qlayer.capsule import CapsuleManifest, layout
from quantumlayer.qlayer.quality import missing_of
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.source_tree import SourceFile, SourceTree
from quantumlayer.qtest import TestReport, Verdict

NounT = TypeVar("NounT", bound=BaseModel)
_LARGEST = 16 * 1024 * 1024
_ROLES = {role.value: role for role in FileRole}


class Promise(NamedTuple):
    """What was asked for, how it was planned, and what was written for it."""

    requirements: Requirements
    blueprint: Blueprint
    tree: SourceTree


def promise_of(capsule: Path) -> Promise | None:
    """What the folder of a capsule says that it is; None where that cannot be read."""
    manifest = _read(capsule / layout.MANIFEST, CapsuleManifest)
    requirements = _read(capsule / layout.REQUIREMENTS, Requirements)
    blueprint = _read(capsule / layout.BLUEPRINT, Blueprint)
    if manifest is None or requirements is None or blueprint is None:
        return None
    files = tuple(
        SourceFile(
            path=file.path,
            sha256=file.sha256,
            size=file.size,
            role=_ROLES[file.role],
            origin=file.origin,
            requirements=file.requirements,
        )
        for file in manifest.files
        if file.role in _ROLES
    )
    return Promise(requirements, blueprint, SourceTree(files=files))


def missing(promise: Promise | None, tests: TestReport | None) -> tuple[str, ...]:
    """A sentence for each thing that was asked for and is not there, now that tests have run."""
    if promise is None or tests is None or tests.verdict is not Verdict.PASSED:
        return ()
    return missing_of(promise.requirements, promise.blueprint, promise.tree, tests)


def _read(path: Path, noun: type[NounT]) -> NounT | None:
    content = regular_content(path, _LARGEST)
    try:
        return None if content is None else noun.model_validate_json(content)
    except (ValidationError, RecursionError):
        return None
