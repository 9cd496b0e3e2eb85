"""The files that deliver a project: locks, image, manifests, CI; where none are planned."""

from collections.abc import Mapping

from quantumlayer.agents import LockFailed, Resolve, python_locks, unlocked
from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile
from quantumlayer.qlayer.packaging import DeliveryFile, delivery_files
from quantumlayer.qlayer.requirements import Language, Requirements

# Whose the delivery files are.
PACKAGER = "packager"


async def make_delivery_files(
    requirements: Requirements, blueprint: Blueprint, resolve: Resolve
) -> tuple[DeliveryFile, ...]:
    """Every delivery file that `blueprint` does not plan itself."""
    try:
        locks = await locks_of(blueprint, resolve)
    except LockFailed:
        # The tester tries to install these and says what is wrong: a package that does not exist
        # is the project's fault and can be repaired, an index out of reach is not.
        locks = unlocked(blueprint)
    return delivered_with(requirements, blueprint, locks)


def delivered_with(
    requirements: Requirements, blueprint: Blueprint, made: Mapping[str, str]
) -> tuple[DeliveryFile, ...]:
    """The same with locks that are already made (path → text)."""
    planned = {file.path for file in blueprint.files}
    locks = {path: text for path, text in made.items() if path not in planned}
    return (
        *(
            DeliveryFile(path=path, role=FileRole.CONFIGURATION, content=text)
            for path, text in locks.items()
        ),
        *delivery_files(requirements, _with_files(blueprint, locks)),
    )


async def locks_of(blueprint: Blueprint, resolve: Resolve) -> Mapping[str, str]:
    """The lock files of what `blueprint` names; none where it plans its own, or a stack has them.

    Raises LockFailed.
    """
    if blueprint.stack or blueprint.language is not Language.PYTHON:
        return {}
    planned = {file.path for file in blueprint.files}
    if "requirements-dev.txt" in planned:
        return {}
    return await python_locks(blueprint, resolve)


def _with_files(blueprint: Blueprint, locks: Mapping[str, str]) -> Blueprint:
    added = (
        PlannedFile(path=path, role=FileRole.CONFIGURATION, purpose="Pinned dependencies.")
        for path in locks
    )
    return blueprint.model_copy(update={"files": (*blueprint.files, *added)})
