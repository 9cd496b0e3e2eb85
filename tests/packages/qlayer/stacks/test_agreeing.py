"""What a stack says and what its starter does are one truth."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from quantumlayer.manifests import FilesInMemory
from quantumlayer.qlayer.deliveries import delivery_of
from quantumlayer.qlayer.stacks import Builds, Stack, fitting, named, stacks
from tests.support.starters import begun

NAME = "night-orders"
REGISTRY = re.compile(
    r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|yarnpkg|crates\.io|repo\d?\.maven|golang\.org)|find-links"
)
SERVED = {Builds.SERVICE, Builds.FULL_STACK}

every = pytest.mark.parametrize("one", stacks(), ids=lambda one: one.name)


def files_of(one: Stack) -> dict[str, str]:
    return {file.path: file.text for file in one.starter}


@every
def test_a_project_has_its_own_name_everywhere(one: Stack) -> None:
    project = named(one, NAME)

    assert not re.search(r"starter.?name", project.model_dump_json())
    assert any(NAME in text for text in files_of(project).values())


@every
def test_a_starter_fits_its_own_stack_best(one: Stack) -> None:
    contents = {path: text.encode() for path, text in files_of(one).items()}

    assert fitting(FilesInMemory(contents))[0].name == one.name


@every
def test_what_is_named_is_there(one: Stack) -> None:
    paths = [file.path for file in one.starter]
    patterns = [*one.fixed, *(one.example.paths if one.example else ())]

    assert [each for each in patterns if not any(fnmatchcase(path, each) for path in paths)] == []
    folders = [*one.tests.folders, *([one.tests.browser] if one.tests.browser else [])]
    assert [each for each in folders if not any(path.startswith(each) for path in paths)] == []


@every
def test_no_file_names_a_registry_and_all_end_with_a_line(one: Stack) -> None:
    for path, text in files_of(one).items():
        assert not REGISTRY.search(text), path
        assert not text or (text.endswith("\n") and not text.endswith("\n\n")), path


@every
def test_the_image_is_what_is_promised(one: Stack) -> None:
    delivery = one.delivery
    if delivery is None:
        assert one.builds not in SERVED
        return
    dockerfile = files_of(one)["Dockerfile"]
    stages = set(re.findall(r"^FROM \S+ AS (\S+)", dockerfile, re.MULTILINE))
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)

    assert tuple(dict.fromkeys(base for base in bases if base not in stages)) == delivery.images
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)[-1] == delivery.user
    assert re.findall(r"^EXPOSE (\d+)", dockerfile, re.MULTILINE) == (
        [str(delivery.port)] if delivery.port else []
    )
    assert re.findall(r"^VOLUME (\S+)", dockerfile, re.MULTILINE) == (
        [delivery.data] if delivery.data else []
    )
    for name, value in delivery.environment.items():
        assert f"{name}={value}" in dockerfile


@every
def test_what_is_read_from_its_files_is_what_the_stack_promises(one: Stack, tmp_path: Path) -> None:
    if one.delivery is None or one.delivery.port is None:
        return
    found = delivery_of(begun(one, tmp_path, tmp_path).folder)

    assert found.read_only is one.delivery.read_only
    assert [volume.path for volume in found.volumes] == ([one.delivery.data] if one.delivery.data
                                                         else [])  # fmt: skip
    assert found.temporary == one.delivery.writable
    assert found.probes == (one.delivery.live,)
    assert one.delivery.contract in (found.contract, None)


@every
def test_a_service_promises_what_a_platform_asks(one: Stack) -> None:
    if one.builds in SERVED:
        assert one.delivery is not None
        assert one.delivery.port
        assert one.delivery.live
        assert one.delivery.ready
        assert one.delivery.user.split(":")[0] != "0"
        assert "0.0.0.0" in one.delivery.environment.get("HOST", "0.0.0.0")  # noqa: S104 - in a container


def test_all_stacks_use_one_version_of_a_tool() -> None:
    versions: dict[str, set[str]] = {}
    for one in stacks():
        for tool, version in one.toolchain.items():
            versions.setdefault(tool, set()).add(version)
            images = one.delivery.images if one.delivery else ()
            versions[tool] |= {image.partition(":")[2].split("-")[0] for image in images
                               if image.rpartition("/")[2].startswith(tool)}  # fmt: skip

    assert {tool: found for tool, found in versions.items() if len(found) > 1} == {}
