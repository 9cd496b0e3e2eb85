"""Packages that are not there, or were just published, keep a project from being installed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from quantumlayer.parser import Registries, SourceText
from quantumlayer.qtest import Diagnostic, RegistryClient, TestReport, Verdict, registry_client
from quantumlayer.worker.evidence import test_problems as problems_of
from quantumlayer.worker.tester.dependencies import answered_for, dubious, report_of
from tests.support.package_index import package_index


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> RegistryClient:
    return registry_client(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def registries(client: RegistryClient) -> Iterator[Registries]:
    lately = (datetime.now(UTC) - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with package_index({"settled": "2020-01-01T00:00:00Z", "fresh": lately}) as address:
        yield Registries(client, pypi=f"{address}/simple/", npm=f"{address}/")


def _requirements(text: str) -> list[SourceText]:
    return [SourceText(path="requirements.txt", content=text)]


async def test_what_a_model_made_up_goes_back_to_it_as_evidence(registries: Registries) -> None:
    report = report_of(await dubious(_requirements("settled\nfresh\nmade-up-name\n"), registries))
    assert report is not None
    assert report.verdict is Verdict.FAILED
    (problem,) = problems_of(report)
    assert "requirements.txt:2: fresh was published for the first time" in problem
    assert "requirements.txt:3: made-up-name does not exist" in problem


async def test_known_packages_and_silent_registries_stop_nothing(
    registries: Registries, client: RegistryClient
) -> None:
    nobody = Registries(client, pypi="http://127.0.0.1:9/simple/", npm="http://127.0.0.1:9/")
    assert report_of(await dubious(_requirements("settled\n"), registries)) is None
    assert report_of(await dubious(_requirements("anything\n"), nobody)) is None


def ended(verdict: Verdict, *asked: Diagnostic) -> TestReport:
    return TestReport(
        verdict=verdict, reason="As it is.", runner="pytest", language="python", undetermined=asked
    )


def test_what_a_model_asks_for_and_nobody_has_goes_back_to_it() -> None:
    asked = Diagnostic(path="requirements.txt", line=3, message="`thing` (==99) cannot be had")
    report = answered_for(ended(Verdict.INFRASTRUCTURE_ERROR, asked))
    assert report.verdict is Verdict.FAILED
    (problem,) = problems_of(report)
    assert "requirements.txt:3: `thing` (==99) cannot be had" in problem


def test_what_the_platform_lacks_is_not_the_models_fault() -> None:
    for verdict in (Verdict.INFRASTRUCTURE_ERROR, Verdict.PASSED, Verdict.FAILED):
        assert answered_for(ended(verdict)).verdict is verdict
