"""Steps of Go's: each finds the standard library compiled as its commands want it."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import Outcome, Rung
from quantumlayer.qtest.delivered.go_cache import PLAIN, TRIMMED, copy_cache, varieties
from tests.packages.qtest.delivered import services
from tests.packages.qtest.delivered.conftest import ALL, ClimbService

BOTH = services.GO["Dockerfile"].replace(
    "RUN CGO_ENABLED=0",
    "RUN CGO_ENABLED=0 go vet ./...\n"
    "RUN CGO_ENABLED=0 go build -trimpath -o /out/other . && go version -m /out/other\n"
    "RUN CGO_ENABLED=0",
)


@pytest.mark.parametrize(
    ("step", "settings", "used"),
    [
        ("go build -o /out/service .", "", {PLAIN}),
        ("CGO_ENABLED=0 go build -trimpath -o /out/service .", "", {TRIMMED}),
        ("go vet ./... && go build -trimpath .", "", {PLAIN, TRIMMED}),
        ("go test ./...\ngo build -trimpath .", "", {PLAIN, TRIMMED}),
        ("go build .", "-mod=vendor -trimpath", {TRIMMED}),
        ("echo -trimpath; ls", "", set()),
        ("go version", "", set()),
    ],
)
def test_a_step_uses_the_library_as_its_commands_compile_it(
    step: str, settings: str, used: set[str]
) -> None:
    assert varieties(step, settings) == used


def test_two_libraries_stand_in_one_cache(tmp_path: Path) -> None:
    for name in ("plain", "trimmed"):
        (tmp_path / name / "ab").mkdir(parents=True)
        (tmp_path / name / "trim.txt").write_text(name)
        (tmp_path / name / "ab" / f"{name}-d").write_text(name)
    (cache := tmp_path / "cache").mkdir()

    for name in ("plain", "trimmed"):
        copy_cache(tmp_path / name, cache, None)

    kept = sorted(str(path.relative_to(cache)) for path in cache.rglob("*") if path.is_file())
    assert kept == ["ab/plain-d", "ab/trimmed-d", "trim.txt"]
    assert (cache / "trim.txt").read_text() == "plain"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not ALL, reason="QL_DELIVERED=all also compiles Go's library a second way")
async def test_a_build_with_paths_and_one_without_stand_in_one_image(
    tmp_path: Path, climb_service: ClimbService
) -> None:
    folder = services.write_service(tmp_path, "go")
    (folder / "Dockerfile").write_text(BOTH)

    climbed = await climb_service(folder)

    assert climbed[Rung.BUILD].reason == ""
    assert climbed[Rung.DATA_LASTS].outcome is Outcome.HELD
