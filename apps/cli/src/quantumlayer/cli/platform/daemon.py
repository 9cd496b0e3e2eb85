"""`python -m quantumlayer.cli.platform.daemon`: the supervisor as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.compose import compose
from quantumlayer.cli.platform.environment import (
    code_fingerprint,
    inherited_environment,
    settings_fingerprint,
)
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.processes import identify
from quantumlayer.cli.platform.secrets import load_secrets
from quantumlayer.cli.platform.state import PlatformRecord, read_record, write_record
from quantumlayer.cli.platform.supervisor import Supervisor, held_lock
from quantumlayer.core.settings import PlatformSettings, SettingsError, load_settings


def main() -> int:
    """Supervise the home of the settings; 0 after a stop, 1 when the start failed."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s"
    )
    arguments = _arguments()
    settings = load_settings(PlatformSettings)
    home = Home(settings.home)
    home.create()
    with held_lock(home):
        try:
            return 0 if asyncio.run(_supervise(settings, home, arguments)) else 1
        except (PlatformError, SettingsError, OSError) as error:
            logging.getLogger("supervisor").error("%s", error)  # noqa: TRY400 - the message is for people; a trace would hide it
            record = PlatformRecord(error=str(error), parts=read_record(home).parts)
            write_record(home, record)
            return 1


async def _supervise(settings: PlatformSettings, home: Home, arguments: argparse.Namespace) -> bool:
    inherited = inherited_environment()
    platform = compose(
        settings,
        home,
        load_secrets(home),
        inherited=inherited,
        only=arguments.parts,
        late_seconds=arguments.late_seconds,
    )
    supervisor = Supervisor(
        home,
        platform.ports,
        platform.parts,
        platform.steps,
        settings=settings_fingerprint(inherited),
        code=code_fingerprint(),
        companion=identify(arguments.companion) if arguments.companion else None,
    )
    return await supervisor.run()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="quantumlayer-supervisor")
    parser.add_argument("--parts", type=lambda text: text.split(","), help="run only these")
    parser.add_argument("--companion", type=int, help="stop when this process ends")
    parser.add_argument(
        "--late-seconds", type=float, default=0.0, help="when to start what nobody waits for"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
