"""From the journal into PostgreSQL, again and again."""

import asyncio
import logging
from dataclasses import dataclass

from quantumlayer.gateway.audit.journal import Journal
from quantumlayer.gateway.audit.records import Records, what_is_wrong

_log = logging.getLogger(__name__)
# A database that neither answers nor refuses is tried again after this.
_PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Drain:
    """Brings rows from the disk into the database; what it does not take waits on the disk."""

    journal: Journal
    records: Records
    problem: str | None = None
    """Why the last try failed; None when it did not."""

    async def __call__(self) -> None:
        """Tries once. That it fails is said once, and that it goes again."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self.journal.drain(self.records.write)
        except Exception as error:  # noqa: BLE001 - whatever it is, rows wait and are tried again
            problem = what_is_wrong(error)
            if problem != self.problem:
                # Its own words: around them stand the statement and all that was to be written.
                said = getattr(error, "orig", None) or error
                _log.warning("PostgreSQL is %s: audit rows wait on the disk (%s)", problem, said)
            self.problem = problem
            return
        if self.problem is not None:
            _log.info("PostgreSQL takes audit rows again")
        self.problem = None

    async def state(self) -> str:
        """`ok`, or what is wrong."""
        return self.problem or await self.records.state()
