"""The configuration in use: replaced whole by a valid one, never by one that is not."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import JsonValue

from quantumlayer.gateway.configuration.changes import FIRST, Change, Changes, file_stamp
from quantumlayer.router.configuration.model import Configuration
from quantumlayer.router.configuration.problems import ConfigurationError
from quantumlayer.router.configuration.reading import placed, read_file

_log = logging.getLogger(__name__)
SetupT = TypeVar("SetupT")
_LOOKS_EVERY_SECONDS = 1.0


class Live(Generic[SetupT]):
    """What requests are served with, made by `build` from the newest valid configuration.

    A request takes `current` once and keeps it to its end, so that a reload drops none. `build`
    must not change anything outside: it may raise `ConfigurationError`, and then nothing changes.
    `used` is told of each that is in use from now on.
    """

    def __init__(
        self,
        path: Path,
        changes: Changes,
        build: Callable[[Configuration], SetupT],
        environment: Mapping[str, str] | None = None,
        used: Callable[[SetupT], None] = lambda _: None,
    ) -> None:
        self._path = path
        self._changes = changes
        self._build = build
        self._used = used
        self._environment = os.environ if environment is None else environment
        self._turn = asyncio.Lock()
        self._seen = self._state()
        self._log = changes.read()
        self.problem: ConfigurationError | None = None
        """Why the newest files are not what is served with; None when they are."""
        self.loaded_at = datetime.now(UTC)
        self.current: SetupT = self._built(self._read(self._log))
        used(self.current)

    async def reload(self) -> bool:
        """Reads everything again; whether what is served with was replaced."""
        async with self._turn:
            return await self._reload()

    async def change(self, patch: dict[str, JsonValue], by: str) -> Change:
        """Makes a change, if the configuration is valid with it; raises `ConfigurationError`.

        Once this returns the change is on the disk and in use. `Overtaken` when another process
        changed something at the same moment.
        """
        async with self._turn:
            if await asyncio.to_thread(self._state) != self._seen:
                await self._reload()
            latest = self._log[-1].hash if self._log else FIRST
            change = Change(at=datetime.now(UTC), by=by, patch=patch, previous=latest)
            log = (*self._log, change)
            setup = self._built(await asyncio.to_thread(self._read, log))
            await asyncio.to_thread(self._changes.append, change)
            self._use(setup, log)
            return change

    @property
    def log(self) -> tuple[Change, ...]:
        """Every change that was made through `change`, oldest first."""
        return self._log

    async def watch(self) -> None:
        """Reloads whenever a file changed, until it is cancelled."""
        while True:
            await asyncio.sleep(_LOOKS_EVERY_SECONDS)
            if await asyncio.to_thread(self._state) != self._seen:
                await self.reload()

    async def _reload(self) -> bool:
        # Taken before the files are read: a change in between is seen the next time.
        seen = await asyncio.to_thread(self._state)
        try:
            log = await asyncio.to_thread(self._changes.read)
            setup = self._built(await asyncio.to_thread(self._read, log))
        except ConfigurationError as error:
            if self._seen != seen:
                _log.error("the configuration stays as it was, for the new one is wrong: %s", error)
            self._seen, self.problem = seen, error
            return False
        self._seen = seen
        self._use(setup, log)
        return True

    def _use(self, setup: SetupT, log: tuple[Change, ...]) -> None:
        self.current, self._log, self.problem = setup, log, None
        self.loaded_at = datetime.now(UTC)
        self._used(setup)
        _log.info("the configuration is in use, with %d changes over the file", len(log))

    def _built(self, configuration: Configuration) -> SetupT:
        try:
            return self._build(configuration)
        except ConfigurationError as error:
            raise placed(error, self._path, self._environment) from None

    def _read(self, log: tuple[Change, ...]) -> Configuration:
        patches = tuple(change.patch for change in log)
        return read_file(self._path, self._environment, patches)

    def _state(self) -> object:
        return file_stamp(self._path), self._changes.stamp()
