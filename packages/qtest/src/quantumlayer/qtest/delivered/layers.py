"""Steps of a build that took long, kept for the next build that begins and goes on the same way.

A layer is found by everything that it was made from (`keys.py`), so a project can leave nothing in
it for another one, other than what that one would have made itself. Any number of builds may keep,
take and forget layers at once, and be killed at any moment: a layer is complete when it bears its
name, and whoever takes one looks afterwards whether it still does.
"""

import asyncio
import json
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from quantumlayer.processes import child_environment
from quantumlayer.qtest.delivered.image import Given
from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import MIB
from quantumlayer.qtest.sandbox.filling import bytes_in, hand_over

LARGEST_LAYER = 1024 * MIB
LARGEST_STORE = 4096 * MIB
# A registry may have something newer for what names no version.
LONGEST_LIFE_SECONDS = 7 * 24 * 3600.0
# Nobody takes longer to fill one, so whoever began it is dead.
DRAFT_SECONDS = 3600.0
ROOT = "root"
FACTS = "facts.json"


class Layers:
    """The kept layers of a machine, below `cache`; at most `largest` bytes of them."""

    def __init__(self, cache: Path, largest: int = LARGEST_STORE) -> None:
        self.folder = cache.absolute() / "layers"
        self.largest = largest

    def has(self, key: str) -> bool:
        """Whether a layer is kept that is not too old."""
        try:
            made = (self.folder / key / FACTS).stat().st_mtime
        except OSError:
            return False
        return time.time() - made < LONGEST_LIFE_SECONDS

    async def restored(self, key: str, root: Path) -> tuple[Given, ...] | None:
        """Put a layer at `root`, where nothing is, and say what its steps gave away.

        The files belong to us afterwards. None, and nothing at `root`, where none is kept.
        """
        kept = self.folder / key
        try:
            facts = json.loads(await asyncio.to_thread((kept / FACTS).read_text))
            await asyncio.to_thread(os.utime, kept)
            await copied(kept / ROOT, root)
            # Whoever forgets one takes its name away first.
            await asyncio.to_thread((kept / FACTS).stat)
            return tuple(Given(*row) for row in facts["given"])
        except (OSError, ValueError, KeyError, TypeError, SandboxUnavailable):
            await asyncio.to_thread(shutil.rmtree, root, ignore_errors=True)
            return None

    async def keep(self, key: str, root: Path, given: Sequence[Given]) -> None:
        """Keep what steps have come to, unless it is too large or holds more than files.

        That it cannot be kept is no fault of the build.
        """
        draft = self.folder / f".{key}.{secrets.token_hex(4)}"
        try:
            if await asyncio.to_thread(bytes_in, root) > min(LARGEST_LAYER, self.largest):
                return
            await asyncio.to_thread(draft.mkdir, parents=True)
            await copied(root, draft / ROOT)
            await asyncio.to_thread(hand_over, draft, os.getuid())
            await asyncio.to_thread(self.named, draft, key, given)
            await asyncio.to_thread(self.prune)
        except (OSError, SandboxUnavailable):
            return
        finally:
            await asyncio.to_thread(shutil.rmtree, draft, ignore_errors=True)

    def named(self, draft: Path, key: str, given: Sequence[Given]) -> None:
        """Give a complete layer its name, in the place of one that is too old."""
        rows = [[one.owner, one.path, one.below] for one in given]
        facts = {"given": rows, "bytes": bytes_in(draft)}
        (draft / FACTS).write_text(json.dumps(facts))
        if not self.has(key):
            self.forget(key)
            draft.rename(self.folder / key)

    def forget(self, key: str) -> None:
        """Take a layer's name away, then the layer."""
        gone = self.folder / f".{key}.{secrets.token_hex(4)}"
        try:
            (self.folder / key).rename(gone)
        except OSError:
            return
        shutil.rmtree(gone, ignore_errors=True)

    def prune(self) -> None:
        """Forget what is old or half, and then those that were not used for longest."""
        now = time.time()
        kept: list[tuple[float, str, int]] = []
        for path in self.folder.iterdir():
            if not path.name.startswith("."):
                kept.append((path.stat().st_mtime, path.name, self.size(path)))
            elif now - path.stat().st_mtime > DRAFT_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
        taken = sum(size for _, _, size in kept)
        for _, key, size in sorted(kept):
            if taken > self.largest or not self.has(key):
                self.forget(key)
                taken -= size

    def size(self, kept: Path) -> int:
        """What a layer takes, as it was noted; all of the store where nothing can be read."""
        try:
            return int(json.loads((kept / FACTS).read_text())["bytes"])
        except (OSError, ValueError, KeyError, TypeError):
            return self.largest + 1


async def copied(source: Path, target: Path) -> None:
    """Copy a tree as it is; nothing of the project runs meanwhile, and no link is followed."""
    process = await asyncio.create_subprocess_exec(
        "cp", "-a", "--reflink=auto", "--no-target-directory", "--", str(source), str(target),
        env=child_environment(), stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        status = await process.wait()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if status != 0:
        raise SandboxUnavailable("A layer of an image could not be copied.")
