"""Which requirement lines are taken, dropped, refused, and told as not installed."""

from pathlib import Path

import pytest

from quantumlayer.manifests import FilesOnDisk, Malformed, normalised_lines, python_needs
from tests.packages.manifests.python.conftest import Needs

HASH = f"--hash=sha256:{'a' * 64}"


def test_comments_blank_lines_and_continuations_are_understood() -> None:
    text = (
        f"# a lock\n\nOne_Thing==1.0 \\\n    {HASH}  # via other\ntwo>=2 ; python_version >= '3'\n"
    )
    assert normalised_lines(text).requirements == (
        f"One_Thing==1.0 {HASH}",
        "two>=2 ; python_version >= '3'",
    )


@pytest.mark.parametrize(
    "option",
    [
        "--index-url https://elsewhere.example/simple",
        "-i https://elsewhere.example/simple",
        "--extra-index-url=https://elsewhere.example",
        "--find-links ./folder",
        "--trusted-host elsewhere.example",
        "--no-binary :all:",
        "--pre",
    ],
)
def test_where_packages_come_from_is_not_the_projects_choice(option: str) -> None:
    assert normalised_lines(f"{option}\nthing\n").requirements == ("thing",)


@pytest.mark.parametrize("line", ["-e .", "--editable .", ".", "-e .[dev]", ".[dev]", "./"])
def test_the_project_itself_needs_no_installation(line: str, needs: Needs) -> None:
    found = needs({"requirements.txt": f"{line}\nthing\n"})
    assert (found.requirements, found.shortfalls) == (("thing",), ())


@pytest.mark.parametrize("line", [".[fast]", "-e .[fast]", "./[fast]", "shop[fast]"])
def test_extras_of_the_project_itself_are_followed(line: str, needs: Needs) -> None:
    project = '[project]\nname = "shop"\noptional-dependencies.fast = ["orjson"]\n'
    assert needs({"requirements.txt": line, "pyproject.toml": project}).requirements == ("orjson",)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("thing @ https://elsewhere.example/thing.whl", "thing"),
        ("git+https://elsewhere.example/thing.git", ""),
        ("git+ssh://git@elsewhere.example/thing.git#egg=thing", "thing"),
        ("-e git+https://elsewhere.example/thing.git@main#egg=thing&subdirectory=x", "thing"),
        ("https://elsewhere.example/thing-1.0-py3-none-any.whl", "thing"),
        ("./folder", "folder"),
        ("/absolute/thing.whl", "thing"),
        ("-e ./other", "other"),
        ("thing @ file:///somewhere/else", "thing"),
        ("thing @ https://${TOKEN}@elsewhere.example/thing.whl", ""),
    ],
)
def test_what_is_not_in_the_registry_is_told_with_its_place(
    line: str, name: str, needs: Needs
) -> None:
    found = needs({"requirements.txt": f"one\n{line}\n"})
    assert found.requirements == ("one",)
    [shortfall] = found.shortfalls
    assert (shortfall.place, "".join(shortfall.provides)) == ("requirements.txt:2", name)


@pytest.mark.parametrize("line", ["thing=1", "what is this", "thing>==2"])
def test_what_pip_refuses_is_refused(line: str, needs: Needs) -> None:
    with pytest.raises(Malformed, match=r"requirements\.txt:2"):
        needs({"requirements.txt": f"one\n{line}\n"})


def test_included_files_are_read(needs: Needs) -> None:
    files = {"requirements-dev.txt": "-r requirements.txt\npytest\n", "requirements.txt": "a==1\n"}
    assert needs(files).requirements == ("a==1", "pytest")


def test_includes_count_from_the_file_that_includes(needs: Needs) -> None:
    files = {"requirements/dev.txt": "-r base.txt\npytest\n", "requirements/base.txt": "a==1\n"}
    assert needs(files).requirements == ("a==1", "pytest")


@pytest.mark.parametrize(
    "spelling", ["-c held.txt", "--constraint held.txt", "--constraint=held.txt"]
)
def test_constraints_hold_and_install_nothing(spelling: str, needs: Needs) -> None:
    found = needs({"requirements.txt": f"{spelling}\na\n", "held.txt": "a<2\nb==1\n"})
    assert (found.requirements, found.constraints) == (("a",), ("a<2", "b==1"))


def test_what_constraints_include_only_constrains(needs: Needs) -> None:
    files = {
        "requirements.txt": "-c held.txt\na\n",
        "held.txt": "-r more.txt\n",
        "more.txt": "b==1",
    }
    found = needs(files)
    assert (found.requirements, found.constraints) == (("a",), ("b==1",))


def test_development_requirements_go_first_and_miss_nothing(needs: Needs) -> None:
    files = {"requirements-dev.txt": "pytest\nThing==2\n", "requirements.txt": "thing==1\nother\n"}
    assert needs(files).requirements == ("pytest", "Thing==2", "other")


def test_lists_and_the_project_itself_are_taken_together(needs: Needs) -> None:
    project = '[project]\nname = "a"\ndependencies = ["attrs>=20", "idna"]\n'
    files = {"requirements.txt": "attrs==23.1\n", "pyproject.toml": project}
    assert needs(files).requirements == ("attrs==23.1", "idna")


def test_files_that_include_each_other_end(needs: Needs) -> None:
    files = {"requirements.txt": "-r more.txt\none\n", "more.txt": "-r requirements.txt\ntwo\n"}
    assert needs(files).requirements == ("two", "one")


def test_an_included_file_that_is_missing_is_the_projects_mistake(needs: Needs) -> None:
    with pytest.raises(Malformed, match="does not exist"):
        needs({"requirements.txt": "-r missing.txt\n"})


@pytest.mark.parametrize("target", ["../outside.txt", "/etc/passwd", "https://x.example/a.txt"])
def test_lists_outside_of_the_project_are_told_and_not_read(target: str, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text(f"-r {target}\none\n")
    found = python_needs(FilesOnDisk(project))
    assert found.requirements == ("one",)
    assert [one.place for one in found.shortfalls] == ["requirements.txt:1"]


def test_a_link_counts_where_it_stays_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "base.txt").write_text("one\n")
    (project / "requirements.txt").symlink_to("base.txt")
    (project / "requirements-dev.txt").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(Malformed, match=r"requirements-dev\.txt"):
        python_needs(FilesOnDisk(project))
    (project / "requirements-dev.txt").unlink()
    assert python_needs(FilesOnDisk(project)).requirements == ("one",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_lists_are_read_whatever_wrote_them(encoding: str, tmp_path: Path) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    (tmp_path / "requirements.txt").write_bytes(mark + "one\ntwo\n".encode(encoding))
    assert python_needs(FilesOnDisk(tmp_path)).requirements == ("one", "two")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"requirements.txt": "attrs\n", "tests/requirements.txt": "-c x.txt\n"}, ("attrs",)),
        ({"requirements.txt": "attrs\n", "requirements-test.txt": "six\n"}, ("six", "attrs")),
        ({"requirements_dev.txt": "six\n"}, ("six",)),
        ({"requirements/testing.in": "six\n"}, ("six",)),
        ({"requirements/test.in": "six\n", "requirements/test.txt": "six==1\n"}, ("six==1",)),
        ({"requirements/docs.txt": "sphinx\n"}, ()),
        ({"test-requirements.txt": "six\n", "requirements/base.txt": "attrs"}, ("six", "attrs")),
    ],
)
def test_what_the_tests_need_is_found_where_people_put_it(
    files: dict[str, str], expected: tuple[str, ...], needs: Needs
) -> None:
    assert needs(files).requirements == expected
