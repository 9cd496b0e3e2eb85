"""`quantumlayer parser`: the parser's HTTP service, alone."""

from __future__ import annotations

import click

_DRAIN_SECONDS = 5


@click.command("parser")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8640, show_default=True, help="The port."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=None,
    help="Processes that parse; by default one for each processor, four at most.",
)
def command(*, host: str, port: int, workers: int | None) -> None:
    """Serve the parser over HTTP until it is told to stop.

    POST /v1/analyze, GET /v1/languages, /healthz, /readyz, /metrics, /openapi.json. It asks for no
    credential: on an address that others reach, put it behind something that does.
    """
    import uvicorn  # noqa: PLC0415 - loaded where it is used

    from quantumlayer.parser import Parser  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.parser.service import create_app  # noqa: PLC0415 - as above

    uvicorn.run(
        create_app(Parser(workers=workers)),
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
