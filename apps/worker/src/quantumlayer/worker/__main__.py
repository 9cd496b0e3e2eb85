"""`python -m quantumlayer.worker`: polls for work until it is told to stop."""

import asyncio
import logging
import signal
import sys
from contextlib import suppress

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from quantumlayer.core.settings import SettingsError, WorkerSettings, load_settings
from quantumlayer.qlayer import capsule as capsules
from quantumlayer.router import installed_models
from quantumlayer.worker.composition import build_worker, connect, open_runtime
from quantumlayer.worker.health import Counted, health_server
from quantumlayer.worker.runtime import Runtime

_logger = logging.getLogger("quantumlayer.worker")
_RETRY_SECONDS = 0.5
# A run's first steps compute in this process, which its tests leave to itself; whoever starts a
# platform for a run waits for those. What only the last step needs is loaded after them.
_FIRST_STEPS_SECONDS = 4.0


async def _serve(settings: WorkerSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    models = installed_models()
    worker: Worker | None = None
    opened: Runtime | None = None

    def waits_for() -> str | None:
        return None if worker is not None and worker.is_running else "temporal"

    def counted() -> Counted:
        return () if opened is None else opened.guardrails_counted()

    async with (
        health_server(settings.worker_health_port, waits_for, counted),
        open_runtime(settings, models) as runtime,
    ):
        opened = runtime
        for model_name, model in models.items():
            _logger.info("the model %s runs in this process", model_name)
            await asyncio.to_thread(model.warm_up)
        client = await _connected(settings, stop)
        if client is not None:
            worker = build_worker(client, runtime)
            async with worker:
                _logger.info("polling %s for work", settings.temporal_address)
                await _told(stop, _FIRST_STEPS_SECONDS)
                await asyncio.to_thread(_load_packaging)
                await stop.wait()
        _logger.info("stopped")


def _load_packaging() -> None:
    """Loads what signs and checks capsules."""
    for name in ("build_capsule", "verify_capsule"):
        getattr(capsules, name)
    capsules.sbom_schema()


async def _connected(settings: WorkerSettings, stop: asyncio.Event) -> Client | None:
    """A client as soon as Temporal answers; None when told to stop before that."""
    while not stop.is_set():
        try:
            return await connect(settings)
        except RuntimeError as error:
            _logger.warning("waiting for Temporal: %s", error)
            await _told(stop, _RETRY_SECONDS)
    return None


async def _told(stop: asyncio.Event, seconds: float) -> None:
    """Waits so long, or until told to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


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
