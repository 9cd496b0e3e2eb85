"""What a platform starts an image with, and what it refuses to start."""

from pathlib import Path, PurePosixPath

import pytest

from quantumlayer.qtest.delivered.base import Base
from quantumlayer.qtest.delivered.errors import BuildBroken
from quantumlayer.qtest.delivered.image import Image, command_of, temporary_folders
from quantumlayer.qtest.delivered.model import Delivery

BASE = Base("scratch", mounts=(), seed=lambda _: None)
FOLDER = Path("app")


def image(*command: str, user: str = "0") -> Image:
    return Image(PurePosixPath("root"), BASE, {}, entrypoint=("run",), command=command, user=user)


def test_the_deliverys_own_words_stand_for_the_images() -> None:
    assert command_of(image("serve"), Delivery(folder=FOLDER)) == ("run", "serve")
    assert command_of(image("serve"), Delivery(folder=FOLDER, command=("ask",))) == ("run", "ask")
    assert command_of(image("serve"), Delivery(folder=FOLDER, entrypoint=("go",))) == ("go",)


def test_an_image_without_a_command_is_broken() -> None:
    nothing = Image(PurePosixPath("root"), BASE, {})
    with pytest.raises(BuildBroken, match="Dockerfile: the image has no command to start"):
        command_of(nothing, Delivery(folder=FOLDER))


@pytest.mark.parametrize(
    ("user", "said"), [("root", "its user is root"), ("app", "the user `app` it cannot tell")]
)
def test_where_nothing_may_be_root_who_is_or_may_be_it_is_refused(user: str, said: str) -> None:
    with pytest.raises(BuildBroken, match=said):
        command_of(image(user=user), Delivery(folder=FOLDER, not_root=True))
    assert command_of(image(user=user), Delivery(folder=FOLDER)) == ("run",)
    assert command_of(image(user="10001"), Delivery(folder=FOLDER, not_root=True)) == ("run",)


def test_the_shared_folders_are_each_instances_own_unless_all_is_read_only() -> None:
    named = ("/run/app", "/tmp")  # noqa: S108 - of an image
    assert temporary_folders(Delivery(folder=FOLDER, temporary=named)) == [*named, "/var/tmp"]  # noqa: S108 - as above
    only = Delivery(folder=FOLDER, temporary=named, read_only=True)
    assert temporary_folders(only) == [*named]
