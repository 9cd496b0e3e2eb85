"""Sending what exists to be changed: a folder, a capsule, or another archive of a project."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quantumlayer.cli.client.api import Api
from quantumlayer.cli.client.capsules import check_capsule, trusted_keys
from quantumlayer.cli.client.errors import refused
from quantumlayer.cli.errors import PlatformError

if TYPE_CHECKING:
    import httpx

_SECONDS = 120.0
_MANIFEST = "capsule.json"


@dataclass(frozen=True)
class Packed:
    """What is sent, under a name; `notes` tell what was left out of it."""

    name: str
    content: bytes
    notes: tuple[str, ...] = ()


def read_project(path: Path) -> Packed:
    """What is to be sent of `path`; an error in one line for what cannot be changed."""
    from quantumlayer.qlayer.checking.errors import Refused  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.qlayer.revision.packing import packed  # noqa: PLC0415 - as above

    try:
        if _is_capsule_file(path):
            return Packed(path.stem, _intact(path))
        found = packed(path)
    except Refused as error:
        raise click.ClickException(f"{path}: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror or error}") from None
    if found.files == 0:
        raise click.ClickException(f"{path} holds no file that could be changed")
    return Packed(path.resolve().name, found.content, found.notes)


def send_project(api: Api, project: Packed) -> str:
    """The id under which a run may change it."""
    import httpx  # noqa: PLC0415 - loaded where it is used

    patience = api.patience()
    while True:
        try:
            response = api.http.post(
                "/v1/folders",
                params={"name": project.name},
                content=project.content,
                headers={"content-type": "application/zip"},
                timeout=_SECONDS,
            )
        except httpx.TransportError as error:
            if patience.is_over_after(str(error)):
                raise api.unreachable(error) from None
        else:
            return _id_in(response)


def _id_in(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        answer = {}
    if response.is_success and "id" in answer:
        return str(answer["id"])
    if "detail" in answer:
        raise refused(str(answer.get("code", "UNAVAILABLE")), str(answer["detail"]))
    raise PlatformError(
        f"{response.url} answered {response.status_code};"
        " is QL_API_URL the address of a QuantumLayer API that takes folders?"
    )


def _is_capsule_file(path: Path) -> bool:
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return _MANIFEST in archive.namelist()


def _intact(path: Path) -> bytes:
    """A capsule's bytes, once it is known to be as it was signed, by whoever it was."""
    checked = check_capsule(path, trusted_keys())
    problems = [one for one in checked.report.problems if "trusted keys" not in one]
    if problems:
        raise click.ClickException(
            f"{path} does not verify: {problems[0]}. Fetch it again; where you changed it"
            " yourself, unzip it and name its folder"
        )
    return path.read_bytes()
