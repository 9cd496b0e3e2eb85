"""The gateway as a part of the platform: nobody waits for it, and it stops nobody."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.applications import Application
from quantumlayer.cli.platform.health import http_answer, json_object
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.parts import Launch
from quantumlayer.cli.platform.ports import PortBook
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.processes import end_process

_GRACE_SECONDS = 10.0
_WRITING_SECONDS = 60.0
_DISPENSABLE = ("configuration", "postgresql")
_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)")


def gateway_configuration(settings: PlatformSettings) -> Path:
    """The file that the gateway serves: the one that settings name, else this home's own."""
    return settings.gateway_config or Home(settings.home).gateway_file


def variables_in(file: Path) -> frozenset[str]:
    """The variables of the environment that a configuration names; none where there is no file."""
    try:
        return frozenset(_VARIABLE.findall(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        return frozenset()


def is_gateway_wanted(settings: PlatformSettings) -> bool:
    """Whether the platform has a gateway: it is installed, and not switched off."""
    return settings.gateway and find_spec("quantumlayer.gateway") is not None


class Gateway(Application):
    """`python -m quantumlayer.gateway` with this home's configuration, made where there is none."""

    needs = ("migrations", "redis")

    def __init__(
        self,
        settings: PlatformSettings,
        ports: PortBook,
        environment: Callable[[], Mapping[str, str]],
        inherited: Mapping[str, str],
        *,
        late_seconds: float,
    ) -> None:
        """`inherited` is the environment in which the first configuration is made."""
        super().__init__("gateway", ports, environment, grace=_GRACE_SECONDS)
        self._file = gateway_configuration(settings)
        self._made_here = settings.gateway_config is None
        self._inherited = inherited
        self.late_seconds = late_seconds

    async def prepare(self) -> None:
        """Makes the configuration; one that is there is never touched."""
        if not self._made_here or self._file.exists():
            return
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "quantumlayer.cli.platform.gateway_file",
            str(self._file),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**self._inherited, "QL_HOME": str(self._file.parent)},
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), _WRITING_SECONDS)
        except TimeoutError:
            raise PlatformError(f"{self._file} could not be written in time") from None
        finally:
            await end_process(process)
        if process.returncode != 0:
            lines = output.decode("utf-8", "replace").strip().splitlines()
            raise PlatformError(
                f"cannot write {self._file}: {lines[-1] if lines else 'no message'}"
            )

    def launch(self) -> Launch:
        launch = super().launch()
        served = ("--config", str(self._file), "--port", str(self._ports["gateway"]))
        return Launch((*launch.argv, *served), launch.environment, grace=launch.grace)

    async def check(self) -> str:
        # A file that is wrong replaces nothing: the gateway goes on with the last that was right.
        # Without PostgreSQL the rows of its audit wait.
        _, body = await http_answer(f"{self.url()}/readyz")
        parts = (json_object(body) or {}).get("parts")
        if isinstance(parts, dict) and all(
            said == "ok" for name, said in parts.items() if name not in _DISPENSABLE
        ):
            return self.version()
        return await super().check()
