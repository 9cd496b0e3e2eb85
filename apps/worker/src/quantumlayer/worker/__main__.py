"""`python -m quantumlayer.worker`: polls for work until it is told to stop."""

import asyncio
import logging
import signal
import sys

from temporalio.service import RPCError

from quantumlayer.core.settings import SettingsError, WorkerSettings, load_settings
from quantumlayer.router import installed_models
from quantumlayer.worker.composition import build_worker, connect, open_runtime
from quantumlayer.worker.health import health_server

_logger = logging.getLogger("quantumlayer.worker")


async def _serve(settings: WorkerSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    models = installed_models()
    client = await connect(settings)
    async with open_runtime(settings, models) as runtime:
        for model_name, model in models.items():
            _logger.info("the model %s runs in this process", model_name)
            await asyncio.to_thread(model.warm_up)
        worker = build_worker(client, runtime)
        async with health_server(settings.worker_health_port, lambda: worker.is_running):
            async with worker:
                _logger.info("polling %s for work", settings.temporal_address)
                await stop.wait()
            _logger.info("stopped")


def main() -> int:
    """Exit status: 0 after a stop that was asked for, 2 for wrong settings, 5 for the platform."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        settings = load_settings(WorkerSettings)
        asyncio.run(_serve(settings))
    except SettingsError as error:
        _logger.error("%s", error)  # noqa: TRY400 - a person reads this, a traceback does not help
        return 2
    except (RPCError, RuntimeError, OSError) as error:
        _logger.error("cannot work: %s", error)  # noqa: TRY400 - as above
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
