"""Which of a project's pytest options survive."""

from pathlib import Path

import pytest

from quantumlayer.qtest.runners.pytest_options import kept_options


@pytest.mark.parametrize(
    ("addopts", "kept"),
    [
        ("", []),
        ("-q -ra --tb=long -vv --color=yes", []),
        ("--import-mode=importlib", ["--import-mode=importlib"]),
        ("-m 'not slow' -k fast -kfast", ["-m", "not slow"]),
        ("--strict-markers --doctest-modules", ["--strict-markers", "--doctest-modules"]),
        ("-p myplugin -p no:terminal", ["-p", "myplugin"]),
        ("--cov=src --cov-report term -n auto", []),
        ("--collect-only -x --maxfail 1", []),
        ("-Werror", ["-Werror"]),
        ("--ignore=old --deselect a::b --deselect=a::c", ["--ignore=old"]),
        ("-m", []),
        ("-p", []),
    ],
)
def test_options_about_finding_tests_are_kept_and_others_dropped(
    tmp_path: Path, addopts: str, kept: list[str]
) -> None:
    (tmp_path / "pytest.ini").write_text(f"[pytest]\naddopts = {addopts}\n")
    assert kept_options(tmp_path) == kept


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pytest.toml", '[pytest]\naddopts = ["-m", "it"]\n'),
        ("pytest.ini", "[pytest]\naddopts = -m it\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "-m it"\n'),
        ("pyproject.toml", '[tool.pytest]\naddopts = ["-m", "it"]\n'),
        ("tox.ini", "[pytest]\naddopts = -m it\n"),
        ("setup.cfg", "[tool:pytest]\naddopts =\n    -m\n    it\n"),
    ],
)
def test_every_place_of_configuration_is_read(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert kept_options(tmp_path) == ["-m", "it"]


@pytest.mark.parametrize("content", ["[pytest\n", "\x00", "[pytest]\naddopts = 'open\n"])
def test_what_cannot_be_read_gives_no_options(tmp_path: Path, content: str) -> None:
    (tmp_path / "pytest.ini").write_text(content)
    assert kept_options(tmp_path) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("[pytest]\naddopts = -m it\n")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "pytest.ini").symlink_to(tmp_path / "outside")
    assert kept_options(tmp_path / "project") == []
