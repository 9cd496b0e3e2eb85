"""The sides of the comparison: what is started for each, and how it is set up."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from benchmarks.gateway_sides.servers import Server, free_port, running
from quantumlayer.core.caches import cache_folder
from quantumlayer.core.identity import secret_hash
from tests.support.platform import running as running_platform

HERE = Path(__file__).parent
KEY = "ql_" + "b" * 43
MASTER_KEY = "sk-" + hashlib.sha256(os.urandom(32)).hexdigest()
MODEL = "benchmark"

_BARE = """\
state: {state}
providers: {{mock: {{base_url: "http://127.0.0.1:{mock}/v1", api_key: provider}}}}
models:
  benchmark: {{deployments: [{{model: mock/benchmark, price: {{input: 1, output: 2}}}}]}}
"""
_BARE_KEYS = """\
organisations: {{acme: {{keys: {{ci: {{hash: "sha256:{hash}"}}}}}}}}
"""
# Limits and budgets that are never reached: what is measured is that they are kept.
_FULL_KEYS = """\
modules:
  personal: {{module: personal-data}}
  keys: {{module: secrets, settings: {{remedy: remove}}}}
  sizes: {{module: sizes}}
organisations:
  acme:
    budgets: [{{usd: 1000000, per: month}}]
    modules: [personal, keys, sizes]
    projects: {{search: {{budgets: [{{usd: 1000000, per: month}}]}}}}
    keys:
      ci:
        hash: "sha256:{hash}"
        project: search
        budgets: [{{usd: 1000000, per: day}}]
        rates: {{requests_a_minute: 100000000, tokens_a_minute: 1000000000, concurrent: 10000}}
cache: {{seconds: 3600, memory_bytes: 8000000}}
"""
_LITELLM = """\
model_list:
  - model_name: benchmark
    litellm_params:
      model: openai/benchmark
      api_base: http://127.0.0.1:{mock}/v1
      api_key: provider
general_settings:
  master_key: {key}
litellm_settings:
  telemetry: false
  callbacks: []
"""


@dataclass(frozen=True)
class Side:
    """One way of asking the mock; `server` is None where it is asked directly."""

    name: str
    port: int
    key: str
    server: Server | None = None
    redis: str | None = None

    @property
    def redis_cpu_seconds(self) -> float:
        """What its Redis has computed so far."""
        if self.redis is None:
            return 0.0
        with Redis.from_url(self.redis) as client:
            used = client.info("cpu")
        return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


@contextmanager
def all_sides(folder: Path, *, with_litellm: bool) -> Iterator[dict[str, Side]]:
    """Every side by its name, all of them running before one mock."""
    with ExitStack() as stack:
        enter = stack.enter_context
        direct = enter(mock(folder))
        port = direct.port
        redis = enter(running_platform(["redis"])).redis.client_url
        with Redis.from_url(redis) as client:
            # It is the gateway that is measured, and not how fast this machine's disk is.
            client.config_set("appendfsync", "everysec")
        found = [
            direct,
            enter(passthrough(folder, port)),
            enter(gateway("bare", folder, port, full=False)),
            enter(gateway("full", folder, port, full=True)),
            enter(gateway("full+Redis", folder, port, full=True, redis=redis)),
        ]
        if with_litellm:
            found.append(enter(litellm(folder, port)))
        yield {side.name: side for side in found}


@contextmanager
def mock(folder: Path) -> Iterator[Side]:
    """The provider itself."""
    port = free_port()
    with _ours("benchmarks.gateway_sides.mock", str(port), port=port, log=folder / "mock.log"):
        yield Side("direct", port, KEY)


@contextmanager
def passthrough(folder: Path, mock: int) -> Iterator[Side]:
    """The bare pass-through."""
    port = free_port()
    url = f"http://127.0.0.1:{mock}/v1"
    module = "benchmarks.gateway_sides.passthrough"
    with _ours(module, str(port), url, port=port, log=folder / "passthrough.log") as server:
        yield Side("pass-through", port, KEY, server)


@contextmanager
def gateway(
    name: str, folder: Path, mock: int, *, full: bool, redis: str | None = None
) -> Iterator[Side]:
    """Our gateway, with nothing but a key or with everything."""
    place = folder / name
    place.mkdir()
    text = (f"redis: {redis}\n" if redis else "") + _BARE + (_FULL_KEYS if full else _BARE_KEYS)
    written = text.format(state=place / "state", mock=mock, hash=secret_hash(KEY))
    configuration = place / "gateway.yaml"
    configuration.write_text(written)
    port = free_port()
    arguments = ("--config", str(configuration), "--port", str(port))
    with _ours("quantumlayer.gateway", *arguments, port=port, log=place / "gateway.log") as server:
        yield Side(name, port, KEY, server, redis)


@contextmanager
def litellm(folder: Path, mock: int) -> Iterator[Side]:
    """The LiteLLM proxy: one worker, its master key, no database."""
    port = free_port()
    place = folder / "litellm"
    place.mkdir()
    configuration = place / "config.yaml"
    configuration.write_text(_LITELLM.format(mock=mock, key=MASTER_KEY))
    command = (str(litellm_environment() / "bin" / "litellm"), "--config", str(configuration))
    more = ("--host", "127.0.0.1", "--port", str(port), "--num_workers", "1")
    with running((*command, *more), port, place / "litellm.log", _LITELLM_SETTINGS) as server:
        yield Side("LiteLLM", port, MASTER_KEY, server)


# As its documentation sets it up for production, and without any word to the world outside.
_LITELLM_SETTINGS: Mapping[str, str] = {
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_LOG": "ERROR",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_TELEMETRY": "False",
    "NO_PROXY": "127.0.0.1",
    "PYTHONPATH": "",
}


def litellm_environment() -> Path:
    """Its virtual environment, made of the lock beside this file when it is first needed."""
    lock = HERE / "litellm.txt"
    stamp = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / "benchmarks" / f"litellm-{stamp}"
    ready = folder / ".ready"
    if not ready.exists():
        uv = str(Path(sys.executable).with_name("uv"))
        python = str(folder / "bin" / "python")
        subprocess.run([uv, "venv", "-q", "--clear", "-p", sys.executable, folder], check=True)
        install = [uv, "pip", "install", "-q", "--compile-bytecode", "--require-hashes"]
        subprocess.run([*install, "--python", python, "-r", lock], check=True)
        ready.touch()
    return folder


def _ours(module: str, *arguments: str, port: int, log: Path) -> AbstractContextManager[Server]:
    return running((sys.executable, "-m", module, *arguments), port, log)
