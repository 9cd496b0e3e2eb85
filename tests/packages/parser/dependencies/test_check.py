"""Dependencies that do not exist, were just published or imitate another are found; else said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from quantumlayer.manifests import Ecosystem
from quantumlayer.parser import Severity, SourceText
from quantumlayer.parser.dependencies import (
    Registries,
    check_dependencies,
    imitated,
    newest_version,
    objections,
)
from quantumlayer.qtest import RegistryClient, registry_client
from tests.support.package_index import package_index

LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> RegistryClient:
    return registry_client(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def registries(client: RegistryClient) -> Iterator[Registries]:
    lately = (datetime.now(UTC) - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    published = {"settled": LONG_AGO, "fresh": lately, "undated": "", "requestz": LONG_AGO}
    with package_index(published) as address:
        yield Registries(client, pypi=f"{address}/simple/", npm=f"{address}/")


async def test_python_names_are_asked_of_the_registry(registries: Registries) -> None:
    text = "settled>=1\n\nfresh\nmissing-name[extra]==2; python_version > '3'\nundated\nrequestz\n"
    files = [SourceText(path="requirements.txt", content=text)]
    report = await check_dependencies(files, registries)
    assert [(one.rule, one.line, one.severity) for one in report.findings] == [
        ("dependency-just-published", 3, Severity.HIGH),
        ("dependency-does-not-exist", 4, Severity.HIGH),
        ("dependency-imitates-another", 6, Severity.MEDIUM),
    ]
    assert report.unchecked == ()
    assert "Did you mean requests?" in report.findings[2].message


async def test_what_is_only_told_of_a_declared_package_is_reason_not_to_add_one(
    registries: Registries, client: RegistryClient
) -> None:
    names = ["settled", "fresh", "missing-name", "requestz"]
    found = await objections(Ecosystem.PYPI, names, registries)
    assert list(found) == ["fresh", "missing-name", "requestz"]
    assert list(await objections(Ecosystem.NPM, names[:3], registries)) == names[1:3]
    nobody = Registries(client, pypi="http://127.0.0.1:9/simple/", npm="http://127.0.0.1:9/")
    assert await objections(Ecosystem.PYPI, ["settled"], nobody) == {
        "settled": "No registry said whether settled exists."
    }


async def test_of_a_package_of_npm_the_newest_version_is_known(registries: Registries) -> None:
    assert await newest_version("settled", registries) == "1.0.0"
    assert await newest_version("missing-name", registries) is None


async def test_names_of_node_packages_too(registries: Registries) -> None:
    text = '{\n"dependencies": {"settled": "^1", "fresh": "1",\n"missing-name": "2"}}'
    files = [SourceText(path="package.json", content=text)]
    report = await check_dependencies(files, registries)
    assert [(one.rule, one.line) for one in report.findings] == [
        ("dependency-just-published", 2),
        ("dependency-does-not-exist", 3),
    ]


async def test_a_registry_that_does_not_answer_leaves_names_unchecked(
    client: RegistryClient,
) -> None:
    nobody = Registries(client, pypi="http://127.0.0.1:9/simple/", npm="http://127.0.0.1:9/")
    files = [SourceText(path="requirements.txt", content="anything\n")]
    report = await check_dependencies(files, nobody)
    assert (report.findings, report.unchecked) == ((), ("pypi:anything",))


async def test_without_registries_nothing_is_asked_and_that_is_said() -> None:
    files = [SourceText(path="requirements.txt", content="requestz\nmissing-name\n")]
    report = await check_dependencies(files)
    assert [one.rule for one in report.findings] == ["dependency-imitates-another"]
    assert report.unchecked == ("pypi:missing-name", "pypi:requestz")


async def test_the_projects_own_packages_and_those_from_elsewhere_are_not_asked_for() -> None:
    files = [
        SourceText(path="a/pyproject.toml", content='[project]\nname = "my-shop"\n'),
        SourceText(
            path="b/requirements.txt", content="my_shop\ntool @ https://a.example/tool.whl\n"
        ),
        SourceText(path="package.json", content='{"dependencies": {"mine": "file:../mine"}}'),
    ]
    report = await check_dependencies(files)
    assert (report.findings, report.unchecked) == ((), ())


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("reqeusts", "requests"),
        ("request", "requests"),
        ("numpyy", "numpy"),
        ("Djnago", "django"),
        ("python_dateutils", "python-dateutil"),
        ("dateutil-python", "python-dateutil"),
        ("scikitlearn", "scikit-learn"),
    ],
)
def test_a_slip_of_the_hand_is_seen(name: str, meant: str) -> None:
    assert imitated(Ecosystem.PYPI, name) == meant


@pytest.mark.parametrize(
    "name", ["requests", "httpx2", "httpcore2", "boto", "my-own-package", "rich", "attr"]
)
def test_what_is_itself_is_left_alone(name: str) -> None:
    assert imitated(Ecosystem.PYPI, name) is None


@pytest.mark.parametrize(
    ("name", "meant"), [("expres", "express"), ("lodahs", "lodash"), ("preact", None)]
)
def test_slips_among_node_packages(name: str, meant: str | None) -> None:
    assert imitated(Ecosystem.NPM, name) == meant
