"""What a run is to change: another run's version, or a folder that somebody has sent."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.api.errors import ApiError, ErrorCode, bad_input, folder_not_found, run_not_found
from quantumlayer.api.services import Services
from quantumlayer.core.identity import projects_by_id
from quantumlayer.core.objects import ObjectMissing, ObjectStore
from quantumlayer.core.runs.queries import files_of, find_run
from quantumlayer.core.runs.requests import RunRequest
from quantumlayer.core.runs.tables import Folder, Run, RunFile
from quantumlayer.core.runs.versions import find_folder, keep_folder
from quantumlayer.qlayer import Blueprint, FileRole, SourceFile, SourceTree
from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.revision.base import Base
from quantumlayer.qlayer.revision.importing import Imported, imported

NounT = TypeVar("NounT", Requirements, Blueprint)
_ENDED = ("finished", "cancelled")
_INTEGRATOR, _TESTER = "integrator", "tester"


@dataclass(frozen=True)
class Begun:
    """What a request names to be changed: a run, or a folder that was sent; neither for nothing.

    With `stays` the version belongs to the project of the one that it changes.
    """

    parent: UUID | None = None
    folder: UUID | None = None
    stays: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether all is to be made anew."""
        return self.parent is None and self.folder is None


async def with_base(
    services: Services, organisation_id: UUID, request: RunRequest, begun: Begun
) -> RunRequest:
    """The request with what it changes, as that stands now. Raises ApiError."""
    if begun.is_nothing:
        return request
    _require_changeable(request, begun)
    async with services.database.tenant(organisation_id) as session:
        if begun.folder is not None:
            sent = await find_folder(session, organisation_id, begun.folder)
            if sent is None:
                raise folder_not_found(begun.folder)
            parent, address = sent.parent_id, sent.base_object
        else:
            parent = begun.parent
            base = await base_of_run(session, services.objects, organisation_id, begun.parent)
            address = await services.objects.put(base.model_dump_json().encode())
        if begun.stays and (project := await _project_of(session, organisation_id, parent)):
            request = replace(request, project=project)
    return replace(request, parent_id=parent, base_object=address)


async def _project_of(
    session: AsyncSession, organisation_id: UUID, run_id: UUID | None
) -> str | None:
    run = await find_run(session, organisation_id, run_id) if run_id else None
    if run is None:
        return None
    found = await projects_by_id(session, organisation_id, [run.project_id])
    return found[run.project_id].slug if run.project_id in found else None


async def base_of_run(
    session: AsyncSession, objects: ObjectStore, organisation_id: UUID, run_id: UUID | None
) -> Base:
    """What a run has made, to be changed. Raises ApiError where that is nothing, or not yet all."""
    run = await find_run(session, organisation_id, run_id) if run_id else None
    if run is None or run_id is None:
        raise run_not_found(run_id)
    if run.status not in _ENDED:
        raise ApiError(
            ErrorCode.CONFLICT,
            f"The run {run_id} is {run.status}; what it makes can be changed when it has ended.",
        )
    files = (await files_of(session, organisation_id, [run_id])).get(run_id, [])
    if not files or run.requirements_object is None or run.blueprint_object is None:
        raise bad_input(f"The run {run_id} has made no files, so there is nothing to change.")
    return await _base(objects, run, files)


async def _base(objects: ObjectStore, run: Run, files: Iterable[RunFile]) -> Base:
    requirements = await _read(objects, run.requirements_object or "", Requirements)
    blueprint = await _read(objects, run.blueprint_object or "", Blueprint)
    return Base(
        name=requirements.name,
        title=requirements.title,
        summary=requirements.summary,
        kind=requirements.kind,
        language=requirements.language,
        framework=blueprint.framework,
        tree=SourceTree().replacing(_file(row) for row in files),
        requirements=requirements,
        blueprint=blueprint,
        run_id=str(run.id),
    )


async def _read(objects: ObjectStore, sha256: str, kind: type[NounT]) -> NounT:
    try:
        return kind.model_validate_json(await objects.get(sha256))
    except ObjectMissing as missing:
        raise ApiError(ErrorCode.UNAVAILABLE, f"{missing}; restore it from a backup.") from None
    except ValidationError:
        raise bad_input(
            "What the run left behind was written by another version and cannot be read any more:"
            " send its capsule, unpacked, to `POST /v1/folders`."
        ) from None


def _file(row: RunFile) -> SourceFile:
    role = FileRole(row.role)
    # What the integrator added to the tests is one of those that stay now.
    added = role is FileRole.TEST and row.origin == _INTEGRATOR
    return SourceFile(
        path=row.path,
        sha256=row.sha256,
        size=row.size,
        role=role,
        origin=_TESTER if added else row.origin,
        requirements=tuple(row.requirements),
        executable=row.executable,
    )


async def keep_sent(
    services: Services, organisation_id: UUID, archive: Path, name: str
) -> tuple[Folder, Base]:
    """Stores a project that somebody has sent as a zip. Raises ApiError, and then nothing is."""
    try:
        found = await asyncio.to_thread(imported, archive, name)
    except Refused as refused:
        raise bad_input(str(refused)) from None
    contents, address = await _stored(services.objects, found)
    async with services.database.tenant(organisation_id) as session:
        parent = await _parent_of(session, organisation_id, found.base)
        folder = await keep_folder(session, organisation_id, address, parent, contents)
    return folder, found.base


async def _stored(objects: ObjectStore, found: Imported) -> tuple[set[str], str]:
    """The addresses of its contents, and that of the base."""
    contents = {await objects.put(content) for content in found.contents.values()}
    return contents, await objects.put(found.base.model_dump_json().encode())


async def _parent_of(session: AsyncSession, organisation_id: UUID, base: Base) -> UUID | None:
    """The run that made a capsule, where this organisation has it."""
    try:
        run_id = UUID(base.run_id or "")
    except ValueError:
        return None
    run = await find_run(session, organisation_id, run_id)
    return run.id if run else None


def _require_changeable(request: RunRequest, begun: Begun) -> None:
    if begun.parent is not None and begun.folder is not None:
        raise bad_input("Give `parent` or `folder`, not both: a run changes one version.")
    if request.language is not None:
        raise bad_input("`language` is that of what is changed: leave it out.")
    if request.limits.repair_rounds == 0:
        raise bad_input("`limits.repairRounds` must be at least 1 for a change to be verified.")
