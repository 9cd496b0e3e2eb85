"""Which requirement lines are taken, dropped and refused."""

from pathlib import Path

import pytest

from quantumlayer.qtest import DependencyError, Fault
from quantumlayer.qtest.environments.requirements import names_in, normalised, requirements_of

HASH = f"--hash=sha256:{'a' * 64}"


def test_comments_blank_lines_and_continuations_are_understood() -> None:
    text = (
        f"# a lock\n\nOne_Thing==1.0 \\\n    {HASH}  # via other\ntwo>=2 ; python_version >= '3'\n"
    )
    assert normalised(text) == f"One_Thing==1.0 {HASH}\ntwo>=2 ; python_version >= '3'\n"
    assert names_in(normalised(text)) == {"one-thing", "two"}


@pytest.mark.parametrize(
    "option",
    [
        "--index-url https://elsewhere.example/simple",
        "-i https://elsewhere.example/simple",
        "--extra-index-url=https://elsewhere.example",
        "--find-links ./folder",
        "--trusted-host elsewhere.example",
        "--no-binary :all:",
    ],
)
def test_where_packages_come_from_is_not_the_projects_choice(option: str) -> None:
    assert normalised(f"{option}\nthing\n") == "thing\n"


@pytest.mark.parametrize("line", ["-e .", "--editable .", ".", "-e .[dev]"])
def test_the_project_itself_needs_no_installation(line: str) -> None:
    assert normalised(f"{line}\nthing\n") == "thing\n"


@pytest.mark.parametrize(
    "line",
    [
        "thing @ https://elsewhere.example/thing.whl",
        "git+https://elsewhere.example/thing.git",
        "https://elsewhere.example/thing.whl",
        "./folder",
        "/absolute/thing.whl",
        "-e ./other",
        "-c constraints.txt",
        "thing=1",
        "what is this",
    ],
)
def test_whatever_is_not_in_the_index_is_refused(line: str) -> None:
    with pytest.raises(DependencyError) as caught:
        normalised(f"{line}\n")
    assert caught.value.fault is Fault.PROJECT


def test_included_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest\n")
    (tmp_path / "requirements.txt").write_text("thing==1\n")
    assert requirements_of(tmp_path) == "thing==1\npytest\n"


def test_development_requirements_go_first_and_miss_nothing(tmp_path: Path) -> None:
    (tmp_path / "requirements-dev.txt").write_text("pytest\nThing==2\n")
    (tmp_path / "requirements.txt").write_text("thing==1\nother\n")
    assert requirements_of(tmp_path) == "pytest\nThing==2\nother\n"


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("-r more.txt\none\n")
    (tmp_path / "more.txt").write_text("-r requirements.txt\ntwo\n")
    assert requirements_of(tmp_path) == "two\none\n"


@pytest.mark.parametrize("target", ["../outside.txt", "/etc/passwd", "missing.txt"])
def test_files_outside_or_missing_are_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "outside.txt").write_text("secret\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text(f"-r {target}\n")
    with pytest.raises(DependencyError, match=r"outside the project|does not exist"):
        requirements_of(project)


def test_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(DependencyError, match="outside the project"):
        requirements_of(project)


def test_pyproject_serves_when_there_are_no_requirement_files(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        """
        [project]
        dependencies = ["thing>=1"]
        optional-dependencies = {test = ["pytest"], docs = ["sphinx"]}
        [dependency-groups]
        dev = ["ruff", {include-group = "test"}]
        """
    )
    assert requirements_of(tmp_path) == "thing>=1\npytest\nruff\n"


def test_a_project_that_asks_for_nothing_gets_nothing(tmp_path: Path) -> None:
    assert requirements_of(tmp_path) == ""


def test_a_broken_pyproject_is_the_projects_fault(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project\n")
    with pytest.raises(DependencyError, match="not valid TOML"):
        requirements_of(tmp_path)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"pyproject.toml": '[project]\noptional-dependencies.all = ["pytest>=8"]\n'},
            "pytest>=8\n",
        ),
        (
            {
                "pyproject.toml": '[project]\nname = "a"\ndependencies = ["attrs"]\n',
                "requirements/tests.txt": "freezegun==1.4.0\n",
            },
            "freezegun==1.4.0\nattrs\n",
        ),
        ({"requirements.txt": "attrs\n", "tests/requirements.txt": "-c x.txt\n"}, "attrs\n"),
        ({"requirements.txt": "attrs\n", "requirements-test.txt": "six\n"}, "six\nattrs\n"),
    ],
)
def test_what_the_tests_need_is_found_where_people_put_it(
    files: dict[str, str], expected: str, tmp_path: Path
) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    assert requirements_of(tmp_path) == expected
