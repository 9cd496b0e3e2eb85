"""The tier that does what a platform does: the Dockerfile as it is, built and run in containers.

buildah and runc are root of a user namespace within a sandbox of ours, with host users that no
system hands out. They see one work folder, their base images read-only, and no network but the
sandbox's own loopback; while steps are run that install something, a door leads from there to the
registries of the tools that these steps name, and nowhere else.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from quantumlayer.manifests import NotUnderstood
from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.delivered.build_access import BuildAccess
from quantumlayer.qtest.delivered.build_steps import HOSTS
from quantumlayer.qtest.delivered.context import copy_context
from quantumlayer.qtest.delivered.dockerfile import read_dockerfile
from quantumlayer.qtest.delivered.errors import BuildBroken, CannotTell
from quantumlayer.qtest.delivered.image import Image
from quantumlayer.qtest.delivered.images.base_images import BaseImages
from quantumlayer.qtest.delivered.images.building import (
    BUILD,
    DOCKERFILE,
    INSPECTED,
    NAME,
    build_words,
    check_built,
    images_of,
    step_variables,
    words_of_steps,
)
from quantumlayer.qtest.delivered.images.configuration import Account, Bound, Inspected, image_of
from quantumlayer.qtest.delivered.images.container_image import ContainerImage, deployed
from quantumlayer.qtest.delivered.images.distribution import access_of_steps
from quantumlayer.qtest.delivered.images.settings import SETTINGS, written
from quantumlayer.qtest.delivered.images.tooling import TIER, Tooling
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.nesting import SHOWN, WORK, module_words
from quantumlayer.qtest.delivered.outline import Outline
from quantumlayer.qtest.delivered.workplace import clear_away, workplace
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.filling import bytes_in
from quantumlayer.qtest.untrusted import text_of

BASES = SHOWN / "0"
FURNISH = f"""
buildah from --pull-never --name furnished {NAME} > /dev/null
root=$(buildah mount furnished)
grep -F " $root " /proc/self/mountinfo > {WORK / "mounted"}
mkdir {WORK / "furnished"}
mount --bind "$root" {WORK / "furnished"}
"$@" > {WORK / "answers.json"}
"""
LOWER = re.compile(r"[, ]lowerdir=(?P<layers>/[^,\s]*)")


class ImageStarter:
    """See `Starter`. `cache` keeps base images."""

    def __init__(self, tooling: Tooling, cache: Path) -> None:
        self.tooling = tooling
        self.cache = cache
        self.bases = BaseImages(cache)

    @property
    def tier(self) -> str:
        """The name of this tier."""
        return TIER

    @asynccontextmanager
    async def build(self, delivery: Delivery) -> AsyncIterator[ContainerImage]:
        """See `Starter.build`."""
        outline = await asyncio.to_thread(outline_of, delivery)
        outline.wanted(delivery.target)  # a stage that is not there is said in our own words
        names = images_of(outline)
        await self.bases.ensure(names, self.tooling)
        remove = self.tooling.users.remove
        await asyncio.to_thread(clear_away, remove)
        place = workplace(remove)
        work = place.__enter__()  # a thread would go on when this is cancelled
        try:
            await asyncio.to_thread(work.chmod, 0o711)
            (work / "context").mkdir()
            await asyncio.to_thread(
                copy_context, delivery.folder, work / "context", delivery.dockerfile
            )
            access = await access_of_steps(
                words_of_steps(outline.dockerfile), names, self.tooling, self.bases, work
            )
            await asyncio.to_thread(self.prepared, work, access, delivery)
            yield await self.made(delivery, outline, access, work)
        finally:
            await asyncio.to_thread(place.__exit__, None, None, None)

    @property
    def shown(self) -> tuple[Mount, ...]:
        """What the sandbox sees of the machine beside the work folder."""
        return (Mount(source=self.bases.store, target=PurePosixPath(BASES)),)

    def prepared(self, work: Path, access: BuildAccess, delivery: Delivery) -> None:
        """Write what buildah, its steps and the containers read."""
        stores = [BASES] if self.bases.store.is_dir() else []
        written(work, stores=stores, variables=step_variables(access))
        text = text_of(delivery.folder / delivery.dockerfile) or ""
        (work / SETTINGS / DOCKERFILE).write_text(text)
        for n, text in enumerate(access.files.values()):
            (work / SETTINGS / f"tool-{n}").write_text(text)
        (work / "hosts").write_text(HOSTS)

    async def made(
        self, delivery: Delivery, outline: Outline, access: BuildAccess, work: Path
    ) -> ContainerImage:
        """The image with the volumes of its deployment."""
        trusts = bool(child_environment(Group.TRUST)) and access.registries is not None
        result, refused = await self.tooling.run(
            BUILD, build_words(delivery, access, trusts=trusts), work=work, shown=self.shown,
            limits=delivery.build_limits, registries=access.registries,
        )  # fmt: skip
        check_built(outline.dockerfile, result, refused)
        try:
            inspected = Inspected.model_validate_json((work / INSPECTED).read_bytes())
        except (OSError, ValidationError) as error:
            raise CannotTell(f"The image that was built says nothing of itself: {error}") from error
        image = image_of(inspected.image.config)
        account, lower, volumes = await self.furnished(delivery, image, work)
        size = await asyncio.to_thread(bytes_in, work)
        return ContainerImage(self.tooling, work, self.shown, delivery, image, account, lower,
                              volumes, size)  # fmt: skip

    async def furnished(
        self, delivery: Delivery, image: Image, work: Path
    ) -> tuple[Account, str, tuple[Bound, ...]]:
        """Who runs it, its layers, and the volumes of the deployment, filled."""
        user, root = delivery.user or image.user, WORK / "furnished"
        steps: list[dict[str, Any]] = [{"do": "account", "root": str(root), "user": user}]
        volumes = []
        for n, volume in enumerate(delivery.volumes):
            place = WORK / f"volume-{n}"
            steps.append(deployed(root, volume.path, place, user if volume.granted else None))
            volumes.append(Bound(place, volume.path, writable=True))
        made = " ".join(str(each.source) for each in volumes)
        script = f"{f'mkdir {made}' if made else ''}\n{FURNISH}"
        words = [*module_words("image_files"), json.dumps(steps)]
        result, _ = await self.tooling.run(
            script, words, work=work, shown=self.shown, limits=delivery.build_limits
        )
        layers = LOWER.search(f",{text_of(work / 'mounted') or ''}")
        if result.limits_hit or result.exit_status != 0 or layers is None:
            said = (result.stdout or ", ".join(result.limits_hit))[-500:]
            raise CannotTell(f"The image cannot be laid out: {said}")
        answers = json.loads((work / "answers.json").read_text())
        for step, answer in zip(steps, answers, strict=False):
            if "wrong" not in answer:
                continue
            if step["do"] == "account":
                raise BuildBroken(f"{delivery.dockerfile}: {answer['wrong']}")
            raise CannotTell(f"The volume {step['path']} cannot be made: {answer['wrong']}")
        found = answers[0]
        account = Account(found["user"], found["group"], found["home"])
        return account, layers["layers"], tuple(volumes)


def outline_of(delivery: Delivery) -> Outline:
    """What the Dockerfile says, as far as nothing has to be run. Raises NotUnderstood."""
    text = text_of(delivery.folder / delivery.dockerfile)
    if text is None:
        raise NotUnderstood("there is no such file", path=delivery.dockerfile)
    return Outline(read_dockerfile(text, delivery.dockerfile), dict(delivery.arguments))


def image_names(delivery: Delivery) -> Sequence[str]:
    """The base images of a delivery. Raises NotUnderstood and CannotTell."""
    return images_of(outline_of(delivery))
