"""An archive that somebody sent, as the base of a revision."""

import zipfile
from pathlib import Path

import pytest

from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.capsule import build_capsule, unpack_capsule
from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.requirements import ApplicationKind, Language
from quantumlayer.qlayer.revision.importing import Imported, imported
from quantumlayer.qlayer.revision.packing import packed
from quantumlayer.qlayer.revision.roles import role_of_path
from quantumlayer.qlayer.revision.secrecy import is_secret
from quantumlayer.qtest import TestReport, Verdict
from tests.support import capsules
from tests.support.capsules import STRANGER, repacked, resigned
from tests.support.foreign_projects import FOREIGN_PROJECTS, ForeignProject
from tests.support.revising import archive_of


def read(folder: Path, archive: bytes) -> Imported:
    sent = folder / "sent.zip"
    sent.write_bytes(archive)
    return imported(sent, "Some Project")


@pytest.mark.parametrize("project", FOREIGN_PROJECTS, ids=lambda one: one.language)
def test_language_and_roles_are_read_off_a_folder(tmp_path: Path, project: ForeignProject) -> None:
    base = read(tmp_path, archive_of(project.files)).base

    assert (base.name, base.language) == ("some-project", Language(project.language))
    assert base.kind is ApplicationKind.LIBRARY
    assert base.is_imported
    roles = {file.path: file.role for file in base.tree.files}
    assert roles[project.source] is FileRole.SOURCE
    assert FileRole.TEST in roles.values()
    assert {file.origin for file in base.tree.files} == {"user"}


@pytest.mark.parametrize(("language", "source"), [("c", "list.c"), ("cpp", "list.cpp")])
def test_c_and_cpp_are_changed_where_somebody_began_them(
    tmp_path: Path, language: str, source: str
) -> None:
    files = {source: "int one(void) { return 1; }\n", "Makefile": "test:\n\ttrue\n"}
    assert read(tmp_path, archive_of(files)).base.language.value == language


def test_a_capsule_that_did_not_pass_comes_back_without_what_was_said_of_it(tmp_path: Path) -> None:
    failed = TestReport(verdict=Verdict.FAILED, reason="no", runner="pytest", language="python")
    given = capsules.inputs(failed)

    found = read(tmp_path, build_capsule(given))

    assert found.contents["README.md"] == given.contents["README.md"]
    assert found.base.edits.paths == ()
    assert found.base.requirements == given.requirements
    assert (found.base.run_id, found.base.is_imported) == ("run-1", False)
    assert {file.path: file.requirements for file in found.base.tree.files} == {
        file.path: file.requirements for file in given.tree.files
    }


def test_edits_are_known_whoever_signed_and_its_word_must_be_as_it_was_signed(
    tmp_path: Path,
) -> None:
    capsule = build_capsule(capsules.inputs())
    edited = repacked(capsule, {"mine.py": b"X = 1\n", "README.md": None})

    edits = read(tmp_path, edited).base.edits
    assert (edits.added, edits.changed, edits.removed) == (("mine.py",), (), ("README.md",))
    assert not read(tmp_path, resigned(capsule, {}, STRANGER)).base.edits.paths
    for path in ("capsule.json", "capsule/requirements.json", "capsule/run.json"):
        with pytest.raises(Refused):
            read(tmp_path, repacked(capsule, {path: b"{}"}))


def test_a_folder_is_packed_alike_each_time_and_keeps_what_is_nobodys_business(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "project"
    for path in ("one.py", ".env", ".git/config", "node_modules/x/index.js", "deploy/id_rsa"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("X = 1\n")

    found = packed(folder)

    assert found.files == 1
    assert found.notes == (".env, deploy/id_rsa were left out: may hold secrets.",)
    assert packed(folder).content == found.content
    assert list(read(tmp_path, found.content).contents) == ["one.py"]


def test_an_unpacked_capsule_is_packed_with_what_says_what_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    unpack_capsule(build_capsule(capsules.inputs()), folder)
    (folder / "mine.py").write_text("X = 1\n")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "pyvenv.cfg").write_text("")

    base = read(tmp_path, packed(folder).content).base

    assert (base.edits.added, base.edits.changed, base.edits.removed) == (("mine.py",), (), ())
    assert base.requirements == capsules.inputs().requirements


def test_an_archive_that_says_it_holds_too_much_is_not_unpacked(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="33 MiB, and 32 can be worked on"):
        read(tmp_path, archive_of({"big.py": b"#" * (33 * 1024 * 1024)}))


@pytest.mark.parametrize(
    ("path", "content", "secret"),
    [
        (".env.production", b"", True),
        (".env.example", b"KEY=", False),
        ("certs/server.pem", b"-----BEGIN RSA PRIVATE KEY-----", True),
        ("certs/server.pem", b"-----BEGIN CERTIFICATE-----", False),
        (".npmrc", b"//example.com/:_authToken=abc", True),
        (".npmrc", b"save-exact=true", False),
        ("src/key.py", b"", False),
    ],
)
def test_secrets_are_known_by_name_or_by_what_they_hold(
    path: str, content: bytes, secret: bool
) -> None:
    assert is_secret(path, content) is secret


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("conftest.py", FileRole.TEST),
        ("pkg/a_test.go", FileRole.TEST),
        ("src/test/java/a/OrdersTest.java", FileRole.TEST),
        ("test_list.c", FileRole.TEST),
        ("src/contest.py", FileRole.SOURCE),
        ("docs/index.md", FileRole.DOCUMENTATION),
        ("CMakeLists.txt", FileRole.CONFIGURATION),
        ("go.mod", FileRole.CONFIGURATION),
    ],
)
def test_a_path_tells_what_a_file_is_for(path: str, role: FileRole) -> None:
    assert role_of_path(path) is role


def project_in(folder: Path) -> Path:
    """A folder with a source, a program, and a link to each."""
    project = folder / "project"
    (project / "bin").mkdir(parents=True)
    (project / "one.py").write_text("X = 1\n")
    (project / "bin/run.sh").write_text("#!/bin/sh\necho 1\n")
    (project / "bin/run.sh").chmod(0o750)
    (project / "run").symlink_to("bin/run.sh")
    return project


def test_programs_stay_programs_and_links_that_stay_inside_are_named(tmp_path: Path) -> None:
    sent = packed(project_in(tmp_path))
    told = "run was left out: a version holds files alone, and no symbolic links."
    assert sent.notes == (told,)
    base = read(tmp_path, sent.content).base
    assert {file.path: file.executable for file in base.tree.files} == {
        "bin/run.sh": True,
        "one.py": False,
    }
    (tmp_path / "sent").mkdir()
    linked = tmp_path / "sent/linked.zip"
    with zipfile.ZipFile(linked, "w") as archive:
        archive.writestr("one.py", "X = 1\n")
        entry = zipfile.ZipInfo("run")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "one.py")
    assert imported(linked, "Some Project").base.notes == (told,)


def test_a_folder_with_a_link_that_leads_out_is_refused_in_words(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    (project / "out").symlink_to("/etc/passwd")
    with pytest.raises(Refused, match="a symbolic link that leads out of it: out"):
        packed(project)


def test_what_is_written_anew_can_still_be_run(tmp_path: Path) -> None:
    tree = read(tmp_path, packed(project_in(tmp_path)).content).base.tree
    script = tree.find("bin/run.sh")
    assert script is not None
    anew = script.model_copy(update={"size": 1, "executable": False})
    after = tree.replacing([anew]).find("bin/run.sh")
    assert after == anew.model_copy(update={"executable": True})
