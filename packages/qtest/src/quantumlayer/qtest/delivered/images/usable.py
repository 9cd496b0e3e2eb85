"""Whether images can be built and run on this machine, found out by doing it with an empty one."""

import asyncio
import hashlib
import json
import os
import shutil
import time
from pathlib import Path

from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.images.configuration import Account, Bound, container
from quantumlayer.qtest.delivered.images.settings import written
from quantumlayer.qtest.delivered.images.system_calls import system_call_filter
from quantumlayer.qtest.delivered.images.tooling import Tooling
from quantumlayer.qtest.delivered.nesting import WORK
from quantumlayer.qtest.delivered.user_range import range_here
from quantumlayer.qtest.delivered.workplace import workplace
from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.sandbox import probe_bubblewrap

PROGRAMS = ("buildah", "runc")
FOLDER = "image-tier"
KNOWN_SECONDS = 24 * 3600.0
LIMITS = Limits(wall_seconds=60.0)
# An image of nothing, laid out and started with the machine's programs: what a delivery takes, too.
TRIAL = f"""
container=$(buildah from scratch)
root=$(buildah mount "$container")
mkdir "$root/usr"
for name in bin lib lib64; do [ ! -L /$name ] || cp -P /$name "$root/"; done
cd {WORK}
sed -i "s|THE-ROOT|$root|" config.json
runc --root {WORK / "state"} run trial
"""


async def usable_tooling(cache: Path) -> Tooling:
    """What builds and starts images here. Raises CannotTell, which says why nothing does.

    Where the programs are missing that is known at once; what was found out by trying is kept in
    `cache` for a day.
    """
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise CannotTell(f"{' and '.join(missing)} cannot be found on this machine.")
    users = range_here()
    try:
        tooling = Tooling(await asyncio.to_thread(probe_bubblewrap), users)
    except SandboxUnavailable as error:
        raise CannotTell(str(error)) from error
    if tooling.sandbox.program is None:
        raise CannotTell("There is no filter of system calls for this kind of machine.")
    place = cache / FOLDER / f"{key()}.json"
    reason = told(place)
    if reason is None:
        reason = await complaint(tooling)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps({"moment": time.time(), "complaint": reason}))
    if reason:
        raise CannotTell(f"buildah and runc make no container in a sandbox here: {reason}")
    return tooling


def key() -> str:
    """What an outcome depends on: the programs, the kernel, and who we are."""
    parts = [os.uname().release, str(os.getuid())]
    for name in (*PROGRAMS, "bwrap"):
        path = shutil.which(name)
        parts += [str(path), str(Path(path).stat().st_mtime_ns) if path else ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def told(place: Path) -> str | None:
    """What was found out before; None where that is unknown, or long ago."""
    try:
        known = json.loads(place.read_text())
        young = time.time() - float(known["moment"]) < KNOWN_SECONDS
        return str(known["complaint"]) if young else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


async def complaint(tooling: Tooling) -> str:
    """Why no container is made and started; empty where one was."""
    with workplace(tooling.users.remove) as work:
        work.chmod(0o711)
        written(work)
        told = container(
            command=("/usr/bin/true",), directory="/", environment={}, account=Account(1, 1, "/"),
            bound=[Bound(WORK.parent.parent / "usr", "/usr")], read_only=True,
            filtering=system_call_filter(),
        )  # fmt: skip
        told["root"]["path"] = "THE-ROOT"
        (work / "config.json").write_text(json.dumps(told))
        if not tooling.users.mappers:
            os.chown(work / "config.json", tooling.users.owner, tooling.users.owner)
        try:
            result, _ = await tooling.run(TRIAL, work=work, limits=LIMITS)
        except CannotTell as error:
            return str(error)
    if result.exit_status == 0 and not result.limits_hit:
        return ""
    lines = [line for line in result.stdout.splitlines() if line.strip()]
    return (lines or [", ".join(result.limits_hit) or "it said nothing"])[-1][:300]
