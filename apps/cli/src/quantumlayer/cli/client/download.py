"""Downloading a capsule: whole or not at all, resumed after a break, over nobody's file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from http import HTTPStatus
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from quantumlayer.cli.client.api import Api, Json
from quantumlayer.cli.client.errors import RefusedError, refused
from quantumlayer.cli.errors import PlatformError

if TYPE_CHECKING:
    import httpx

_CHUNK = 256 * 1024
_AWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)


def download_capsule(api: Api, run_id: str, capsule: Json, folder: Path) -> Path:
    """Where the capsule lies in `folder` afterwards.

    A file of that name with the same bytes is left as it is; with others it is left too, and the
    capsule gets a number. Raises PlatformError when it cannot be fetched or written.
    """
    sha256 = str(capsule["sha256"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".capsule-", suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                _fetch(
                    api, f"/v1/runs/{run_id}/capsule", sha256, int(capsule["size"]), file.fileno()
                )
            if _sha256(part) != sha256:
                raise PlatformError(f"the capsule that {api.reach.api_url} sent is damaged")
            return _settle(part, folder, str(capsule["fileName"]), sha256)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise PlatformError(
            f"cannot write the capsule to {folder} ({error.strerror or error}); give another"
            " folder with --output"
        ) from None


def _fetch(api: Api, path: str, sha256: str, size: int, descriptor: int) -> None:
    import httpx  # noqa: PLC0415 - loaded where it is used

    patience = api.patience()
    while (have := os.fstat(descriptor).st_size) < size:
        headers = {"range": f"bytes={have}-", "if-range": f'"{sha256}"'} if have else {}
        try:
            with api.http.stream("GET", path, headers=headers) as response:
                reason = f"it answers {response.status_code}"
                if response.status_code not in _AWAY:
                    _receive(response, have, descriptor)
        except httpx.TransportError as error:
            reason = str(error)
        if (has := os.fstat(descriptor).st_size) >= size:
            return
        if has > have:
            patience.renew()
        if patience.is_over_after(reason):
            raise PlatformError(
                f"the capsule did not come whole from {api.reach.api_url}: {reason}"
            )


def _receive(response: httpx.Response, have: int, descriptor: int) -> None:
    """Writes what comes behind the `have` bytes that are there, or in their place."""
    if response.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        raise _refused(response)
    if response.status_code == HTTPStatus.OK:
        os.ftruncate(descriptor, 0)
        have = 0
    for chunk in response.iter_raw(_CHUNK):
        os.pwrite(descriptor, chunk, have)
        have += len(chunk)


def _refused(response: httpx.Response) -> RefusedError:
    response.read()
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    message = problem.get("detail") or f"the download was answered {response.status_code}"
    return refused(str(problem.get("code", "UNAVAILABLE")), str(message))


def _settle(part: Path, folder: Path, file_name: str, sha256: str) -> Path:
    """Gives the finished file its name; the first one free, or taken by the same bytes."""
    base = Path(_harmless(file_name))
    names = chain([base.name], (f"{base.stem}-{number}{base.suffix}" for number in count(2)))
    for name in names:
        target = folder / name
        try:
            # Taking the name first makes sure that nobody else's file is replaced below.
            target.open("xb").close()
        except FileExistsError:
            if target.is_file() and _sha256(target) == sha256:
                return target
            continue
        part.chmod(0o644)
        return part.replace(target)
    raise AssertionError("numbers do not end")


def _harmless(file_name: str) -> str:
    """The last part of the name, without what a shell or a file system could misread."""
    name = Path(file_name.replace("\\", "/")).name
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in '"*:<>?|')
    return kept.lstrip(".-") or "capsule.zip"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
