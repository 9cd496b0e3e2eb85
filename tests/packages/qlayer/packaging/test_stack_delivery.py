"""A project with a stack is delivered as the stack promises, by its own image."""

from pathlib import Path

import pytest
import yaml
from kubernetes_validate.utils import validate

from quantumlayer.qlayer import Blueprint, EnvironmentVariable, FileRole, PlannedFile
from quantumlayer.qlayer.deliveries import delivery_of
from quantumlayer.qlayer.packaging import delivery_files
from quantumlayer.qlayer.requirements import Language
from quantumlayer.qlayer.stacks import Stack, kind_of, language_of, named, stack, stacks
from tests.support import sample_project as sample

NAME = "night-orders"
every = pytest.mark.parametrize("one", stacks(), ids=lambda one: one.name)


def planned(one: Stack, *more: PlannedFile, **changes: object) -> Blueprint:
    own = named(one, NAME)
    return Blueprint(
        name=NAME,
        kind=kind_of(own),
        language=language_of(own),
        stack=own.name,
        files=(PlannedFile(path="src/orders", role=FileRole.SOURCE, purpose=""), *more),
        run_command=own.commands.start or (),
        test_command=own.commands.test[0],
    ).model_copy(update=changes)


def delivered(blueprint: Blueprint) -> dict[str, str]:
    files = delivery_files(sample.requirements(), blueprint)
    return {file.path: file.content for file in files}


def laid_out(one: Stack, folder: Path, blueprint: Blueprint) -> Path:
    starter = {file.path: file.text for file in named(one, NAME).starter}
    for path, text in {**starter, **delivered(blueprint)}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@every
def test_nothing_takes_the_place_of_the_image_that_the_stack_has(one: Stack) -> None:
    made = set(delivered(planned(one)))

    assert {".github/workflows/ci.yml", "README.md"} <= made
    assert not made & {"Dockerfile", ".dockerignore", "compose.yaml", "requirements.txt"}


@every
def test_manifests_are_valid_and_keep_what_the_stack_promises(one: Stack, tmp_path: Path) -> None:
    # given
    blueprint, promised = planned(one), one.delivery
    manifests = {path: text for path, text in delivered(blueprint).items() if "k8s/" in path}
    # then
    for content in manifests.values():
        validate(yaml.safe_load(content), "1.34", strict=True)
    if promised is None:
        assert manifests == {}
        return
    if promised.port is None:
        assert "k8s/cron-job.yaml" in manifests
        return
    found = delivery_of(laid_out(one, tmp_path, blueprint))
    assert found.notes == ()
    assert (found.port, found.read_only) == (promised.port, promised.read_only)
    assert found.user.split(":")[0] == promised.user.split(":")[0]
    assert [volume.path for volume in found.volumes] == [promised.data] * bool(promised.data)
    assert found.temporary == promised.writable
    assert set(found.probes) == {promised.live, promised.ready}
    expected = named(one, NAME).delivery
    assert expected is not None
    assert expected.environment.items() <= dict(found.environment).items()


@every
def test_its_own_commands_are_what_ci_runs(one: Stack) -> None:
    flow = yaml.safe_load(delivered(planned(one))[".github/workflows/ci.yml"])

    steps = flow["jobs"]["test"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    assert " ".join(one.commands.install[-1]) in runs
    assert " ".join(one.commands.test[0]) in runs
    assert len([step for step in steps if "uses" in step]) > 1
    assert ("image" in flow["jobs"]) is (one.delivery is not None)


@every
def test_its_readme_is_about_the_project_and_says_how_it_is_tried(one: Stack) -> None:
    readme = delivered(planned(one))["README.md"]

    assert readme.startswith("# Library service\n\nLends books to members")
    assert "starter" not in readme
    assert "python3 capsule/verify.py" in readme


def test_settings_of_the_project_stand_beside_those_of_the_image() -> None:
    more = (
        EnvironmentVariable(name="API_TOKEN", default="", description="For the exchange."),
        EnvironmentVariable(name="PORT", default="99", description="Not what the image has."),
    )
    made = delivered(planned(stack("python-service"), environment=more))

    deployment = yaml.safe_load(made["k8s/deployment.yaml"])
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    settings = {one["name"]: one.get("value") for one in container["env"]}
    assert settings["PORT"] == "8000"
    assert settings["API_TOKEN"] is None
    assert "| `API_TOKEN` |" in made["README.md"]


def test_what_is_planned_is_not_made() -> None:
    own = PlannedFile(path="README.md", role=FileRole.DOCUMENTATION, purpose="")

    assert "README.md" not in delivered(planned(stack("go-tool"), own))


def test_without_a_stack_nothing_is_made_up_for_a_language_without_an_image() -> None:
    foreign = sample.blueprint().model_copy(update={"language": Language.GO})

    assert delivery_files(sample.requirements(), foreign) == ()
