"""One process of ours: started so that it can never run unrecorded, or adopted from before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from quantumlayer.cli.platform.parts import Launch
from quantumlayer.cli.platform.processes import ProcessId, identify, is_alive, stop_tree
from quantumlayer.cli.platform.restarts import Trouble, ending

# The shell waits for a line before it becomes the part. It gets that line after the process is
# written down; if the supervisor dies in between, the line never comes and the shell ends.
_GATE = 'read -r _ && exec "$0" "$@" </dev/null'
_ADOPTED_POLL_SECONDS = 0.25


class Child:
    """A running part; `wait` tells how it ended."""

    def __init__(
        self, identity: ProcessId, launch: Launch, process: asyncio.subprocess.Process | None
    ) -> None:
        self.identity = identity
        self._launch = launch
        self._process = process

    @classmethod
    async def spawn(
        cls, launch: Launch, *, log: Path, folder: Path, record: Callable[[ProcessId], None]
    ) -> Child:
        """Start the process in a session of its own; `record` is called before it may run.

        Raises `OSError` when it cannot be started.
        """
        user = launch.user
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                "/bin/sh",
                "-c",
                _GATE,
                *launch.argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=dict(launch.environment),
                cwd=folder,
                start_new_session=True,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
        gate = process.stdin
        if gate is None:
            raise AssertionError("asked for a pipe")
        try:
            identity = identify(process.pid)
            if identity is None:
                raise ChildProcessError(f"{launch.argv[0]} ended at once")
            record(identity)
            gate.write(b"\n")
        finally:
            gate.close()
        return cls(identity, launch, process)

    @classmethod
    def adopt(cls, identity: ProcessId, launch: Launch) -> Child:
        """Take over a process that an earlier supervisor started."""
        return cls(identity, launch, None)

    async def wait(self) -> Trouble:
        """Wait for the end; how it ended."""
        if self._process is not None:
            return ending(await self._process.wait())
        # Not our child, so nobody tells us.
        while is_alive(self.identity):  # noqa: ASYNC110 - a process that is not our child tells nobody of its end
            await asyncio.sleep(_ADOPTED_POLL_SECONDS)
        return Trouble("ended", from_outside=True)

    async def stop(self) -> None:
        """End the process and whatever it left in its session."""
        await asyncio.to_thread(
            stop_tree,
            self.identity,
            stop_signal=self._launch.stop_signal,
            grace=self._launch.grace,
        )
