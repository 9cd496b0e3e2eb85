"""Showing a capsule's parts, and unpacking it: all or nothing, and only what it lists."""

from pathlib import Path

import pytest

from quantumlayer.qlayer.capsule import (
    CapsuleRefused,
    build_capsule,
    inspect_capsule,
    key_fingerprint,
    public_key_pem,
    unpack_capsule,
)
from quantumlayer.qlayer.capsule.verifier import read_archive
from quantumlayer.qlayer.quality import without_digests
from tests.support import capsules
from tests.support import sample_project as sample

CAPSULE = build_capsule(capsules.inputs())


def test_inspecting_gives_every_part() -> None:
    capsule = inspect_capsule(CAPSULE)
    assert capsule.requirements == sample.requirements()
    assert capsule.blueprint == sample.blueprint()
    assert capsule.quality == without_digests(capsules.inputs().quality)
    assert capsule.run.model_copy(update={"pictures": ()}) == capsules.inputs().run
    assert [one.path for one in capsule.run.pictures] == [
        f"capsule/pictures/{capsules.PICTURE_NAME}"
    ]
    assert capsule.manifest.generator.version == "0.1.0"
    assert capsule.signer == key_fingerprint(public_key_pem(capsules.OWNER))
    assert dict(capsule.files) == read_archive(CAPSULE)


def test_unpacking_writes_every_file(tmp_path: Path) -> None:
    manifest = unpack_capsule(CAPSULE, tmp_path / "deep" / "project")
    written = {
        path.relative_to(tmp_path / "deep" / "project").as_posix(): path.read_bytes()
        for path in (tmp_path / "deep" / "project").rglob("*")
        if path.is_file()
    }
    assert written == read_archive(CAPSULE)
    assert manifest.name == "library-service"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["project"]


def test_an_empty_folder_may_be_there_already_and_a_used_one_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    unpack_capsule(CAPSULE, tmp_path / "empty")
    with pytest.raises(CapsuleRefused, match="exists already"):
        unpack_capsule(CAPSULE, tmp_path / "empty")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"library/app.py": b"x"}, "library/app.py was changed"),
        ({"evil.py": b"x"}, "evil.py is not listed"),
        ({"capsule.json": b"{}"}, "not what it should be"),
    ],
)
def test_a_capsule_with_other_files_than_it_lists_is_not_unpacked(
    tmp_path: Path, changes: dict[str, bytes | None], reason: str
) -> None:
    with pytest.raises(CapsuleRefused, match=reason):
        unpack_capsule(capsules.repacked(CAPSULE, changes), tmp_path / "project")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CapsuleRefused, match="cannot be written: "):
        unpack_capsule(CAPSULE, tmp_path / "file" / "project")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"capsule/public-key.pem": b"x"}, "not an Ed25519 key"),
        ({"capsule/quality-report.json": None}, "quality-report.json is missing"),
        ({"capsule/quality-report.json": b"[" * 99_999}, "not what it should be"),
    ],
)
def test_a_capsule_that_cannot_be_shown_says_why(
    changes: dict[str, bytes | None], reason: str
) -> None:
    with pytest.raises(CapsuleRefused, match=reason):
        inspect_capsule(capsules.repacked(CAPSULE, changes))
