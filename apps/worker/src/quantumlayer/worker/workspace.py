"""A source tree as files in a folder."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from quantumlayer.qlayer import SourceTree, confined
from quantumlayer.worker.runtime import Runtime


async def lay_out(runtime: Runtime, tree: SourceTree, folder: Path) -> None:
    """Writes every file of `tree` below `folder`, which is empty."""
    for file in tree.files:
        content = await runtime.objects.get(file.sha256)
        await asyncio.to_thread(_write, folder / confined(file.path), content, file.executable)


@asynccontextmanager
async def laid_out(runtime: Runtime, tree: SourceTree) -> AsyncIterator[Path]:
    """The tree as files in a fresh folder, which is gone afterwards."""
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="quantumlayer-")
    try:
        await lay_out(runtime, tree, Path(folder.name))
        yield Path(folder.name)
    finally:
        await asyncio.to_thread(folder.cleanup)


def _write(target: Path, content: bytes, executable: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    if executable:
        target.chmod(0o755)
