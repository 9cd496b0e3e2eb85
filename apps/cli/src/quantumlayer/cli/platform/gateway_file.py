"""The gateway's first configuration: what the platform's settings know, written once.

`python -m quantumlayer.cli.platform.gateway_file FILE` writes it in a process of its own: the
libraries that know providers need not stay in the supervisor's memory.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.secrets import load_secrets, write_once
from quantumlayer.core.identity import secret_hash
from quantumlayer.core.models import installed_names
from quantumlayer.core.settings import ModelSettings, PlatformSettings, load_settings
from quantumlayer.router.providers.endpoints import key_variables, provider_of

_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_OWN_SERVER = "openai"
_HEAD = """\
# The gateway of this platform, made at its first start from the settings of then. The file is
# yours: it is never written again, and read anew within a second of a change. docs/gateway.md says
# what can stand here. A variable that is new in it is known after `quantumlayer down` and `up`.
"""
_TAIL = """\
# Guardrails that organisations, projects and keys can name in a list of `modules`.
modules:
  personal: {module: personal-data}
  keys: {module: secrets}

organisations:
  local:
    modules: []
    keys:
      # The key itself is in secrets/gateway-key beside this file; `quantumlayer gateway key` makes
      # others.
      local: {hash: "sha256:%s"}

# Runs go by this file, too, once QL_MODEL_CONFIGURATION names it: as this organisation's.
agents: {organisation: local}
"""


@dataclass(frozen=True)
class _Offer:
    """A model for clients: its name for them, and the deployment behind it."""

    name: str
    deployment: str


def first_configuration(
    settings: ModelSettings, environment: Mapping[str, str], *, state: Path, key: str
) -> str:
    """The YAML for these settings; `key` is the local client's, of which only the hash is told."""
    outside = [name for name in settings.offered_models if _is_outside(name)]
    lines = [
        _HEAD,
        'redis: "${QL_REDIS_URL:-redis://127.0.0.1:6379/0}"',
        "database: ${QL_DATABASE_URL:-}",
        f"state: {json.dumps(str(state))}",
        "",
        "providers:",
        *_providers(settings, outside, environment),
        "",
        "# What clients ask for, by one name; several deployments of it share its calls.",
        "models:",
        *(
            f"  {offer.name}: {{deployments: [{{model: {json.dumps(offer.deployment)}}}]}}"
            for offer in _offers(settings, outside)
        ),
        "",
        _TAIL % secret_hash(key),
    ]
    return "\n".join(lines)


def _is_outside(name: str) -> bool:
    """Whether it is one model, which somebody else serves; patterns are no models."""
    return not ({"*", "?", "["} & {*name} or name.split() != [name] or name in installed_names())


def _providers(
    settings: ModelSettings, outside: list[str], environment: Mapping[str, str]
) -> Iterator[str]:
    yield "  here: {wire: in_process}                  # models of installed packages"
    main = _prefix(settings.model, settings) if settings.model else None
    keys = dict(_keys(outside, settings, environment))
    if settings.model_base_url:
        keys[_OWN_SERVER] = "QL_MODEL_API_KEY" if settings.model_api_key else ""
    elif settings.model_api_key and main:
        keys[main] = "QL_MODEL_API_KEY"
    for provider, variable in sorted(keys.items()):
        facts = [f'api_key: "${{{variable}:-}}"'] if variable else []
        if provider == _OWN_SERVER and settings.model_base_url:
            facts.insert(0, 'base_url: "${QL_MODEL_BASE_URL}"')
        yield f"  {provider}: {{{', '.join(facts)}}}"
    if any(_prefix(name, settings) is None for name in outside):
        yield "  other: {wire: other}                      # whatever litellm knows"


def _keys(
    outside: list[str], settings: ModelSettings, environment: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Providers whose keys are there or whose models are named, with the variable of the key."""
    named = {_prefix(name, settings) for name in outside}
    for provider, variables in key_variables().items():
        given = [variable for variable in variables if environment.get(variable)]
        if given or provider in named:
            yield provider, (given or [*variables, ""])[0]


def _offers(settings: ModelSettings, outside: list[str]) -> Iterator[_Offer]:
    taken = set()
    for name in installed_names():
        taken.add(name)
        yield _Offer(name, f"here/{name}")
    for name in outside:
        prefix = _prefix(name, settings)
        model = name.removeprefix(f"{prefix}/")
        short = _NO_NAME.sub("-", model.rpartition("/")[2]).strip("-.")[:100]
        if short in taken:
            short = _NO_NAME.sub("-", name).strip("-.")[:100]
        if short and short not in taken:
            taken.add(short)
            yield _Offer(short, f"{prefix}/{model}" if prefix else f"other/{name}")


def _prefix(name: str, settings: ModelSettings) -> str | None:
    return provider_of(name, own_server=settings.model_base_url is not None)


def main() -> int:
    """Writes the file of the environment's settings, unless somebody has written it meanwhile."""
    settings = load_settings(PlatformSettings)
    home = Home(settings.home)
    text = first_configuration(
        settings,
        os.environ,
        state=home.gateway,
        key=load_secrets(home).gateway_key,
    )
    write_once(Path(sys.argv[1]), text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
