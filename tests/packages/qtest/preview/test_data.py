"""What a preview keeps between two starts."""

import os
from pathlib import Path

import pytest

from quantumlayer.qtest.preview.data import DataRefused, held, kept, place_of, restored


def volume(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_what_was_left_in_a_volume_is_there_the_next_time(tmp_path: Path) -> None:
    # given
    data = tmp_path / "data"
    first = volume(tmp_path / "first", notes="milk")
    (first / "deeper").mkdir()
    (first / "deeper/more").write_text("more")
    with held(data):
        assert restored(data, {"/srv/data": first}) == []
        kept(data, {"/srv/data": first})
    # when
    second = volume(tmp_path / "second", notes="of the image", other="of the image")
    with held(data):
        assert restored(data, {"/srv/data": second}) == [second]
        (second / "notes").write_text("bread")
        kept(data, {"/srv/data": second})
    # then
    assert {path.name for path in second.rglob("*")} == {"notes", "deeper", "more"}
    assert (place_of(data, "/srv/data") / "notes").read_text() == "bread"
    assert {path.name for path in data.iterdir()} == {".quantumlayer-preview", "srv-data"}


def test_only_files_and_folders_are_kept_and_no_link_is_followed(tmp_path: Path) -> None:
    # given
    secret = tmp_path / "secret"
    secret.write_text("of the user")
    left = volume(tmp_path / "left", plain="x")
    (left / "link").symlink_to(secret)
    (left / "folder").symlink_to(tmp_path)
    os.mkfifo(left / "pipe")
    (left / "plain").chmod(0o6755)
    # when
    with held(tmp_path / "data"):
        kept(tmp_path / "data", {"/data": left})
    # then
    place = place_of(tmp_path / "data", "/data")
    assert [path.name for path in place.iterdir()] == ["plain"]
    assert (place / "plain").stat().st_mode & 0o7077 == 0


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")
    with pytest.raises(DataRefused, match="holds files that no preview has put there"):
        held(tmp_path).__enter__()
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_two_previews_do_not_share_a_folder(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(DataRefused, match="Another preview uses"):
        held(tmp_path).__enter__()
    with held(tmp_path):
        pass
