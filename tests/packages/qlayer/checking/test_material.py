"""What is looked at: not what tools made, not what lies outside, not without bounds."""

import os
from pathlib import Path

import pytest

from quantumlayer.qlayer.checking import material
from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.checking.material import opened
from tests.packages.qlayer.checking.conftest import Write


def test_a_plain_folder_is_read_where_it_is(write: Write) -> None:
    root = write({"a.py": "", "src/b.py": "", ".git/HEAD": "x", "node_modules/m/i.js": "("})
    with opened(root) as found:
        assert found.root == root
        assert list(found.files) == ["a.py", "src/b.py"]


def test_dependencies_and_built_things_below_are_left_out_of_a_copy(write: Write) -> None:
    root = write(
        {
            "web/a.js": "",
            "web/node_modules/m/index.js": "(",
            "core/Cargo.toml": "",
            "core/target/debug/x": "",
            "out/CMakeCache.txt": "",
            "build/wanted.py": "",
        }
    )
    with opened(root) as found:
        copied = {
            str(path.relative_to(found.root)) for path in found.root.rglob("*") if path.is_file()
        }
        assert found.root != root
        assert copied == {"web/a.js", "core/Cargo.toml", "build/wanted.py"}
        kept = found.root
    assert not kept.exists()


def test_links_stay_inside_or_are_left_out(write: Write, tmp_path: Path) -> None:
    root = write({"a.py": "x = 1\n"})
    (tmp_path / "secret").write_text("s")
    (root / "inside.py").symlink_to("a.py")
    (root / "outside").symlink_to(tmp_path / "secret")
    with opened(root) as found:
        assert (found.root / "inside.py").is_symlink()
        assert not (found.root / "outside").is_symlink()
        assert found.notes == ["outside leads out of the project and was left out."]


def test_links_of_every_kind_hurt_nothing(write: Write) -> None:
    root = write({"a.py": "x = 1\n"})
    (root / "first").symlink_to("second")
    (root / "second").symlink_to("first")
    (root / "gone").symlink_to("nowhere")
    (root / "itself").symlink_to("itself")
    with opened(root) as found:
        assert list(found.files) == ["a.py"]
        assert found.notes == []


@pytest.mark.parametrize(
    "links",
    [
        {"deep/tests/self": "."},
        {"deep/tests/up": "../.."},
        {"deep/down": "../other", "other/up": "../deep"},
    ],
)
def test_who_follows_links_comes_to_an_end(links: dict[str, str], write: Write) -> None:
    root = write({"deep/tests/a.py": "", "other/b.py": ""})
    for path, written in links.items():
        (root / path).symlink_to(written)
    with opened(root) as found:
        paths = [place for place, _, _ in os.walk(found.root, followlinks=True)]
        assert len(paths) <= 5
        assert "is a link to a folder around it and was left out" in found.notes[0]


@pytest.mark.parametrize("how", ["absolute", "through the folder's own name"])
def test_a_link_inside_leads_to_the_same_place_in_a_copy(how: str, write: Write) -> None:
    root = write({"data/a.txt": "words"})
    absolute = how == "absolute"
    (root / "link").symlink_to(root / "data" if absolute else f"../{root.name}/data")
    with opened(root) as found:
        assert (found.root / "link").readlink() == Path("data")
        assert (found.root / "link" / "a.txt").read_text() == "words"


def test_what_is_no_file_is_left_out(write: Write) -> None:
    root = write({"a.py": ""})
    os.mkfifo(root / "pipe")
    with opened(root) as found:
        assert sorted(path.name for path in found.root.iterdir()) == ["a.py"]


@pytest.mark.parametrize(("name", "limit"), [("MOST_FILES", "files"), ("MOST_BYTES", "size")])
def test_a_folder_without_end_is_refused(
    name: str, limit: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(material, name, 2)
    root = write({f"{n}.py": "xyz" for n in range(3)})
    with pytest.raises(Refused, match="Name the project's own folder") as refused, opened(root):
        pass
    assert refused.value.limit == limit


def test_a_file_is_a_project_of_its_own(write: Write) -> None:
    root = write({"a.py": "x = 1\n", "b.py": "def test_b():\n    assert True\n"})
    with opened(root / "a.py") as found:
        assert [path.name for path in found.root.iterdir()] == ["a.py"]
    with opened(root / "b.py") as found:
        assert "python_files = b.py" in (found.root / "pytest.ini").read_text()
        assert list(found.files) == ["b.py"]
