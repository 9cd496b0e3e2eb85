"""A folder becomes a stack, or is refused with the name of what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quantumlayer.qlayer.stacks import Builds, NotAStack, UnknownStack, read_stack, stack, stacks

DESCRIPTION = """\
title = "Notes on paper"
builds = "tool"
languages = ["paper"]

[toolchain]
pencil = "2.1"

[commands]
test = [["read", "aloud"]]

[tests]
runners = ["reader"]
folders = ["margin"]

[[fits]]
paths = ["*.paper"]

[wishes]
asked = ["note"]
"""

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    def make(description: str = DESCRIPTION, **files: bytes | None) -> Path:
        place = tmp_path / "paper-tool"
        (place / "starter").mkdir(parents=True)
        given: dict[str, bytes | None] = {
            "stack.toml": description.encode(), "rules.md": b"- Write legibly.\n",
            "starter/first.paper": b"Dear starter-name,\n", **files,
        }  # fmt: skip
        for name, content in given.items():
            if content is not None:
                (place / name).write_bytes(content)
        return place

    return make


def test_a_folder_tells_a_stack(folder: Folder) -> None:
    one = read_stack(folder())

    assert (one.name, one.builds, one.rules) == ("paper-tool", Builds.TOOL, "- Write legibly.")
    assert one.commands.test == (("read", "aloud"),)
    assert [(file.path, file.text) for file in one.starter] == [
        ("first.paper", "Dear starter-name,\n")
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("", ""), None),
        (('builds = "tool"', 'builds = "novel"'), "`builds`"),
        (('builds = "tool"\n', ""), "`builds`: Field required"),
        (('pencil = "2.1"', 'pencil = "latest"'), "`toolchain.pencil`"),
        (('runners = ["reader"]', 'runner = ["reader"]'), "`tests.runner"),
        (('test = [["read", "aloud"]]', 'test = [[]]'), "`commands.test.0`"),
        (('[[fits]]\npaths = ["*.paper"]', ""), "`fits`"),
        (("title =", 'rules = "none"\ntitle ='), "`rules` is told by the folder itself"),
        (("[tests]", "[tests"), "stack.toml: "),
    ],
)  # fmt: skip
def test_what_is_unknown_or_missing_is_named(
    folder: Folder, change: tuple[str, str], complaint: str | None
) -> None:
    place = folder(DESCRIPTION.replace(*change))

    if complaint is None:
        assert read_stack(place).name == "paper-tool"
        return
    with pytest.raises(NotAStack) as refused:
        read_stack(place)
    assert str(refused.value).startswith("paper-tool/stack.toml: ")
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"rules.md": None}, "there is no rules.md"),
        ({"stack.toml": None}, "there is no stack.toml"),
        ({"starter/first.paper": None}, "`starter`"),
        ({"starter/picture.png": b"\x89PNG\xff"}, "starter/picture.png is not text in UTF-8"),
        ({"starter/two words.paper": b""}, "two words.paper"),
    ],
)
def test_a_folder_without_its_parts_is_refused(
    folder: Folder, files: dict[str, bytes | None], complaint: str
) -> None:
    with pytest.raises(NotAStack, match=complaint):
        read_stack(folder(**files))


def test_stacks_are_found_by_their_names() -> None:
    assert [stack(one.name) for one in stacks()] == list(stacks())
    with pytest.raises(UnknownStack, match=r"no stack `cobol-service`.*python-service"):
        stack("cobol-service")
