"""`python -m quantumlayer.gateway`: serves until it is told to stop."""

import argparse
import logging
import os
import sys
from pathlib import Path

from quantumlayer.gateway.configuration import ConfigurationError, read_file

_CONFIGURATION = "QL_GATEWAY_CONFIG"
_DRAIN_SECONDS = 30


def main() -> None:
    """Serves the configuration on a port; ends with a sentence where that cannot be."""
    given = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    path = given.config.absolute()
    try:
        # Read before anything is started: what is wrong with it is told at once.
        configuration = read_file(path, os.environ)
        if given.check:
            from quantumlayer.gateway.serving.building import check  # noqa: PLC0415 - used here

            check(configuration)
    except ConfigurationError as error:
        sys.exit(str(error))
    if given.check:
        sys.stdout.write(f"{path.name} can be used\n")
        return
    os.environ[_CONFIGURATION] = str(path)
    import uvicorn  # noqa: PLC0415 - after the configuration: what is wrong there is told at once

    uvicorn.run(
        "quantumlayer.gateway.__main__:application",
        factory=True,
        host=given.host,
        port=given.port,
        workers=given.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )


def application() -> object:
    """The ASGI application of one worker process."""
    from quantumlayer.gateway.app import Gateway  # noqa: PLC0415 - workers alone need it

    return Gateway(Path(os.environ[_CONFIGURATION]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="quantumlayer gateway", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, metavar="FILE")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8402)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="read the file and say so")
    return parser.parse_args()


if __name__ == "__main__":
    main()
