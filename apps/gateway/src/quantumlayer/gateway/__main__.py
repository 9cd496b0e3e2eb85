"""`python -m quantumlayer.gateway`: serves until it is told to stop."""

import argparse
import gc
import logging
import os
import sys
from pathlib import Path

from quantumlayer.router.configuration import ConfigurationError, placed, read_file

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

            try:
                check(configuration)
            except ConfigurationError as error:
                raise placed(error, path, os.environ) from None
    except ConfigurationError as error:
        sys.exit(str(error))
    if given.check:
        sys.stdout.write(f"{path.name} can be used\n")
        return
    os.environ[_CONFIGURATION] = str(path)
    # After the configuration: what is wrong there is told at once.
    import uvicorn  # noqa: PLC0415 - see above

    from quantumlayer.gateway.http.connections import Connection  # noqa: PLC0415 - see above

    uvicorn.run(
        "quantumlayer.gateway.__main__:application",
        factory=True,
        host=given.host,
        port=given.port,
        workers=given.workers,
        loop="uvloop",
        http=Connection,
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

    # What was imported stays: the collector need not walk through it again, nor so often through
    # the little that calls leave behind.
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
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
