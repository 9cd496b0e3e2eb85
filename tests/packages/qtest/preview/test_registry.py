"""Previews that one process holds, started and stopped from outside."""

import asyncio
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import emulating_starter
from quantumlayer.qtest.preview import Bounds, CannotPreview, Previews, TooMany, previewed
from tests.packages.qtest.preview.projects import project

pytestmark = pytest.mark.slow


async def test_a_preview_lasts_until_it_is_stopped(tmp_path: Path, cache: Path) -> None:
    # given
    previews, starter = Previews(most=1), emulating_starter(cache)
    delivery = project(tmp_path / "project")
    shown = await previews.start(previewed(delivery, starter))
    port = shown.preview.proxy.address.port
    with pytest.raises(TooMany):
        await previews.start(previewed(delivery, starter))
    # when
    assert (await shown.preview.state()).running
    assert await previews.stop(shown.id)
    # then
    assert shown.end is not None
    assert (shown.end.reason, shown.end.by_itself) == ("It was stopped.", False)
    assert not await previews.stop(shown.id)
    with pytest.raises(OSError, match=r"refused|failed"):
        await asyncio.open_connection("127.0.0.1", port)
    # and there is room for another, which ends when nobody uses it
    other = await previews.start(previewed(delivery, starter, bounds=Bounds(idle_seconds=0.2)))
    await asyncio.wait_for(asyncio.shield(other.task), 20)
    assert other.end is not None
    assert other.end.reason == "Nobody has used the preview for 0 s."
    await previews.aclose()


async def test_what_cannot_be_shown_is_not_held(tmp_path: Path, cache: Path) -> None:
    previews = Previews(most=1)
    broken = project(tmp_path / "project", "raise SystemExit('no luck today')\n")
    for _ in range(2):
        with pytest.raises(CannotPreview):
            await previews.start(previewed(broken, emulating_starter(cache)))
    assert previews.shown == {}
