"""Where steps that install packages of a distribution get them from: where their image says."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from quantumlayer.qtest.delivered.bases import IMAGE, OFFICIAL
from quantumlayer.qtest.delivered.build_access import SYSTEM, BuildAccess, access_for
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.images.base_images import BaseImages
from quantumlayer.qtest.delivered.images.settings import written
from quantumlayer.qtest.delivered.images.tooling import Tooling
from quantumlayer.qtest.delivered.nesting import SHOWN
from quantumlayer.qtest.environments.access.learning import named_hosts
from quantumlayer.qtest.environments.installing import PROXY_VARIABLES
from quantumlayer.qtest.errors import DependencyError, ToolMissing
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.registries.endpoints import Endpoint, Registries, endpoints_of
from quantumlayer.qtest.sandbox import Mount

URL = re.compile(r"https?://[^\s\"'#\]]+")
SOURCES = "etc/apt/sources.list etc/apt/sources.list.d etc/apk/repositories etc/yum.repos.d"
# Links are not followed: an image could have one that leads out of it.
READ = f"""
for image in "$@"; do
  root=$(buildah mount "$(buildah from --pull-never "$image")")
  (cd "$root" && find {SOURCES} -type f -size -64k -exec cat {{}} + 2>/dev/null || true)
done
"""
LIMITS = Limits(wall_seconds=60.0)


async def access_of_steps(
    steps: str, images: Sequence[str], tooling: Tooling, bases: BaseImages, work: Path
) -> BuildAccess:
    """What the words of all steps need. Raises CannotTell."""
    try:
        access = await access_for(steps, work, bases.folder.parent)
        if SYSTEM.search(steps) is None:
            return access
        named = named_hosts()
    except (DependencyError, ToolMissing) as error:
        raise CannotTell(str(error)) from error
    known = await sources_of(
        [image for image in images if is_official(image)], tooling, bases, work
    )
    before = access.registries or Registries()
    registries = Registries(before.named | named, before.known | known)
    variables = {**PROXY_VARIABLES, **access.variables}
    return replace(access, registries=registries, variables=variables)


async def sources_of(
    images: Sequence[str], tooling: Tooling, bases: BaseImages, work: Path
) -> frozenset[Endpoint]:
    """The archives that images name; only of official ones, as others may name anything."""
    if not images:
        return frozenset()
    looking = work / "sources"
    looking.mkdir()
    written(looking, stores=[SHOWN / "0"])
    shown = [Mount(source=bases.store, target=SHOWN / "0")]
    result, _ = await tooling.run(READ, images, work=looking, limits=LIMITS, shown=shown)
    if result.exit_status != 0:
        raise CannotTell(f"A base image cannot be looked into: {result.stdout[-300:]}")
    return endpoints_of(URL.findall(result.stdout))


def is_official(image: str) -> bool:
    """Whether an image is one of those that everybody begins with."""
    match = IMAGE.fullmatch(image)
    return match is not None and OFFICIAL.fullmatch(match["place"]) is not None
