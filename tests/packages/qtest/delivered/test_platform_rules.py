"""What a platform's manifests say of memory, users and probes holds for what is started."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import Outcome, Rung
from quantumlayer.qtest.model import MIB
from tests.packages.qtest.delivered import services
from tests.packages.qtest.delivered.conftest import ALL, ClimbService

HOARDS = "const kept = Buffer.alloc(160 * 1024 * 1024, 1);\nsetInterval(() => kept.length, 1000);\n"
ASKS = (
    "node",
    "-e",
    "fetch('http://127.0.0.1:3000/healthz').then((a) => process.exit(a.ok ? 0 : 1))",
)
GRPC = "The readinessProbe asks by gRPC at port 50051, which is not spoken here."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return services.write_service(tmp_path, "node")


def named_user(folder: Path, user: str) -> None:
    """The same service under another user of the image's."""
    dockerfile = folder / "Dockerfile"
    lines = [f"USER {user}" if line.startswith("USER") else line
             for line in dockerfile.read_text().splitlines()]  # fmt: skip
    dockerfile.write_text("\n".join([*lines, ""]))


@pytest.mark.parametrize(
    ("user", "reason"), [("root", "its user is root"), ("node", "USER has to be a number")]
)
async def test_a_platform_that_starts_nothing_as_root_refuses_what_may_be_root(
    user: str, reason: str, folder: Path, climb_service: ClimbService
) -> None:
    named_user(folder, user)

    climbed = await climb_service(folder, not_root=True)

    assert climbed[Rung.START].outcome is Outcome.BROKEN
    assert reason in climbed[Rung.START].reason


async def test_a_number_is_no_root_and_its_probes_may_be_commands(
    folder: Path, climb_service: ClimbService
) -> None:
    named_user(folder, "1000")

    climbed = await climb_service(
        folder, not_root=True, memory_bytes=256 * MIB, probes=(), commands=(ASKS,)
    )

    assert {rung: one.reason for rung, one in climbed.items()
            if one.outcome in (Outcome.BROKEN, Outcome.UNKNOWN)} == {}  # fmt: skip
    assert climbed[Rung.PROBES].outcome is Outcome.HELD


async def test_more_memory_than_the_platform_gives_ends_it(
    folder: Path, climb_service: ClimbService
) -> None:
    source = folder / "service.js"
    source.write_text(source.read_text() + HOARDS)

    climbed = await climb_service(folder, memory_bytes=96 * MIB, commands=(("sleep", "5"),))

    wrong = next(one for one in climbed.values() if one.outcome is Outcome.BROKEN)
    assert "more than the 96 MiB of memory that its platform gives it" in wrong.reason


OTHERWISE: dict[str, tuple[dict[str, object], Outcome, str]] = {
    "a command that does not end well": (
        {"commands": (("node", "-e", "console.log('not yet'); process.exit(3)"),),
         "start_seconds": 3.0},
        Outcome.BROKEN, "ends with status 3: not yet"),
    "a command that is not in the image": (
        {"commands": (("grpc_health_probe", "-addr=:50051"),)}, Outcome.BROKEN, "grpc_health"),
    "a command that looks at processes": (
        {"commands": (("pgrep", "node"),)}, Outcome.UNKNOWN, "looks at processes"),
    "a way that is not spoken here": ({"otherwise": (GRPC,)}, Outcome.UNKNOWN, "gRPC"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERWISE if ALL else list(OTHERWISE)[:1])
async def test_probes_that_do_not_hold_are_told(
    name: str, folder: Path, climb_service: ClimbService
) -> None:
    more, outcome, reason = OTHERWISE[name]

    climbed = await climb_service(folder, **more)

    assert climbed[Rung.PROBES].outcome is outcome
    assert reason in climbed[Rung.PROBES].reason
