"""`python -m quantumlayer.api`: serves until it is told to stop."""

import sys

from quantumlayer.core.settings import ApiSettings, SettingsError, load_settings

_DRAIN_SECONDS = 5


def main() -> None:
    """Runs the API on QL_API_HOST and QL_API_PORT."""
    try:
        settings = load_settings(ApiSettings)
    except SettingsError as error:
        sys.exit(f"quantumlayer.api: {error}")
    import uvicorn  # noqa: PLC0415 - after the settings: a wrong one is told at once

    from quantumlayer.api.app import create_app  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.api.logs import configure_logs  # noqa: PLC0415 - as above
    from quantumlayer.api.middleware import MAX_BODY_BYTES  # noqa: PLC0415 - as above

    configure_logs()
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=MAX_BODY_BYTES,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )


if __name__ == "__main__":
    main()
