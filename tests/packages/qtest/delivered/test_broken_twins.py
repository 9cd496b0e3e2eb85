"""Services that are broken as delivered are told from their sound twins, with the cause."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import Outcome, Rung
from tests.packages.qtest.delivered import services
from tests.packages.qtest.delivered.conftest import ALL, ClimbService

# What finds it, and words that the reason has to have.
FOUND: dict[str, tuple[Rung, str]] = {
    services.NO_HEALTH: (Rung.PROBES, "`GET /health` answers 200, which nobody asks"),
    services.WRONG_PORT: (Rung.START, "it listens on"),
    services.LOOPBACK: (Rung.START, "the container's own loopback"),
    services.READ_ONLY: (Rung.START, "(it "),
    services.NOT_BUILT: (Rung.START, "is not in the image"),
    services.CRASH: (Rung.START, "limits"),
    services.SECRET: (Rung.START, "a setting or secret that it wants"),
    services.LOST: (Rung.DATA_LASTS, "What was written before the restart is lost"),
    services.DEAF: (Rung.STOP, "It still runs 2 s after SIGTERM"),
    services.FALLBACK: (Rung.PROBES, "is answered by a fallback"),
}
EXCEPTIONS = {
    ("go", services.NOT_BUILT): (Rung.BUILD, "Dockerfile:10: COPY /out/service /service: "),
    ("node", services.CRASH): (Rung.START, "TypeError: Cannot read properties of undefined"),
}
EVERY = [(language, kind) for language in services.SOUND for kind in FOUND]
SAMPLE = [
    *(("python", kind) for kind in (services.NO_HEALTH, services.FALLBACK, services.LOST,
                                    services.READ_ONLY)),
    *(("node", kind) for kind in (services.LOOPBACK, services.NOT_BUILT, services.DEAF)),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("language", services.SOUND if ALL else ("python", "node"))
async def test_a_sound_service_holds_on_every_rung(
    language: str, tmp_path: Path, climb_service: ClimbService
) -> None:
    # given
    folder = services.write_service(tmp_path, language)
    # when
    results = await climb_service(folder)
    # then
    assert {rung: result.outcome for rung, result in results.items()} == {
        **dict.fromkeys(Rung, Outcome.HELD),
        **dict.fromkeys((Rung.TYPES, Rung.ROUTES, Rung.PAGES, Rung.BROWSER_TESTS), Outcome.SKIPPED),
    }, results  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("language", "kind"), EVERY if ALL else SAMPLE)
async def test_a_broken_service_is_told_with_its_cause(
    language: str, kind: str, tmp_path: Path, climb_service: ClimbService
) -> None:
    # given
    folder = services.write_service(tmp_path, language, kind)
    rung, words = EXCEPTIONS.get((language, kind), FOUND[kind])
    # when
    results = await climb_service(folder)
    # then
    outcomes = (Outcome.HELD, Outcome.SKIPPED)
    [broken] = [result for result in results.values() if result.outcome not in outcomes]
    assert (broken.rung, broken.outcome) == (rung, Outcome.BROKEN), broken
    assert words in broken.reason, broken.reason
    above = list(results)[list(results).index(rung) + 1 :]
    assert {results[each].outcome for each in above} <= {Outcome.SKIPPED}
