"""The tests of somebody else's project, run as `check` runs them: each part from its own folder."""

import asyncio
from pathlib import Path

from quantumlayer.qlayer.checking.trial import limits_for, together, try_units
from quantumlayer.qtest import TracedReport, find_units, run_traced_tests


async def run_units(project: Path, *, cache: Path) -> TracedReport:
    """One report of all parts; which test runs which line is not found out."""
    units = await asyncio.to_thread(find_units, project)
    reports = await try_units(project, units, limits=limits_for(None), cache=cache)
    found = together(reports)
    if found is None:
        return await run_traced_tests(project, cache=cache)
    return TracedReport(found, {})
