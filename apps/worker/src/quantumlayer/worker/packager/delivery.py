"""The files that deliver a project: locks, image, manifests, CI; where none are planned."""

from collections.abc import Mapping

from quantumlayer.agents import LockFailed, Resolve, python_locks, unlocked
from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile
from quantumlayer.qlayer.packaging import DeliveryFile, delivery_files
from quantumlayer.qlayer.requirements import Language, Requirements


async def make_delivery_files(
    requirements: Requirements, blueprint: Blueprint, resolve: Resolve
) -> tuple[DeliveryFile, ...]:
    """Every delivery file that `blueprint` does not plan itself."""
    planned = {file.path for file in blueprint.files}
    locks = {
        path: text
        for path, text in (await _locks(blueprint, resolve)).items()
        if path not in planned
    }
    return (
        *(
            DeliveryFile(path=path, role=FileRole.CONFIGURATION, content=text)
            for path, text in locks.items()
        ),
        *delivery_files(requirements, _with_files(blueprint, locks)),
    )


async def _locks(blueprint: Blueprint, resolve: Resolve) -> Mapping[str, str]:
    if blueprint.language is not Language.PYTHON:
        return {}
    planned = {file.path for file in blueprint.files}
    if "requirements-dev.txt" in planned:
        return {}
    try:
        return await python_locks(blueprint, resolve)
    except LockFailed:
        # The tester tries to install these and says what is wrong: a package that does not exist
        # is the project's fault and can be repaired, an index out of reach is not.
        return unlocked(blueprint)


def _with_files(blueprint: Blueprint, locks: Mapping[str, str]) -> Blueprint:
    added = (
        PlannedFile(path=path, role=FileRole.CONFIGURATION, purpose="Pinned dependencies.")
        for path in locks
    )
    return blueprint.model_copy(update={"files": (*blueprint.files, *added)})
