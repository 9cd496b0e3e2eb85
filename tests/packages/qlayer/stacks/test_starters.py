"""Every starter is true: its own tools are content, it is passed, and it holds as delivered.

`QL_STACKS` names the stacks that are tried: `all`, or some of them; else a quick one.
"""

import os
from pathlib import Path

import pytest

from quantumlayer.qlayer.stacks import stacks
from quantumlayer.qtest import Verdict
from tests.support.starters import OWN_STEPS, Trial, begun

SAMPLE = "go-service"
ASKED = os.environ.get("QL_STACKS", SAMPLE)
TRIED = [one for one in stacks() if ASKED == "all" or one.name in ASKED.split()]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.parametrize(
        "trial", TRIED, ids=lambda one: one.name, indirect=True, scope="module"
    ),
]


@pytest.fixture(scope="module")
def trial(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    cache = Path(os.environ.get("QL_CACHE_DIR", Path.home() / ".cache" / "quantumlayer"))
    return begun(request.param, tmp_path_factory.mktemp(request.param.name), cache)


async def test_a_starter_as_it_is_passes(trial: Trial) -> None:
    report = await trial.checked()

    assert (report.verdict, report.reason) == (Verdict.PASSED, report.reason)


async def test_a_starter_holds_on_every_rung(trial: Trial) -> None:
    if trial.stack.delivery is None:
        return
    if trial.stack.delivery.port is None:
        await trial.built()
        return
    climbed = await trial.climbed()

    assert climbed.first_wrong is None
    assert climbed.notes == ()


def test_its_own_tools_are_content_and_change_nothing(trial: Trial) -> None:
    before = trial.written()
    for step in OWN_STEPS:
        trial.run(step)

    assert trial.written() == before
