"""Runs on what exists, begun as the API begins them, and what a scripted analyst says of them."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from quantumlayer.api.revisions import base_of_run
from quantumlayer.core.runs import RunLimits
from quantumlayer.qlayer.revision.importing import imported
from tests.integration.test_language_model import MODEL
from tests.support.model_server import JsonReply
from tests.support.pipeline import Pipeline, StartedRun


def change(**members: Any) -> JsonReply:  # noqa: ANN401 - whatever an answer may say
    """An analyst's answer to a sentence on what exists."""
    return JsonReply(task="revise", value={"refusal": None, **members})


def archive_of(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of some files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


async def begin_on_run(
    pipeline: Pipeline, parent: UUID, sentence: str, **limits: int
) -> StartedRun:
    """A run that changes what another has made."""
    async with pipeline.database.tenant(pipeline.organisation) as session:
        base = await base_of_run(session, pipeline.objects, pipeline.organisation, parent)
    return await pipeline.start(
        sentence,
        model=MODEL,
        limits=RunLimits(**limits),
        parent=parent,
        base=await pipeline.objects.put(base.model_dump_json().encode()),
    )


async def begin_on_folder(
    pipeline: Pipeline, archive: bytes, sentence: str, folder: Path, *, model: str = MODEL
) -> StartedRun:
    """A run that changes what somebody has sent; `folder` is for the archive."""
    sent = folder / "sent.zip"
    sent.write_bytes(archive)
    found = imported(sent, "somebody's")
    for content in found.contents.values():
        await pipeline.objects.put(content)
    base = await pipeline.objects.put(found.base.model_dump_json().encode())
    return await pipeline.start(sentence, model=model, base=base)
