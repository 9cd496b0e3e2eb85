"""Compose files: which other servers a project counts on to run beside it."""

from typing import Any

import yaml

from quantumlayer.manifests.kubernetes.documents import ALIAS, MOST_MERGED, at
from quantumlayer.manifests.model import ProjectFiles

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose_companions(files: ProjectFiles) -> tuple[str, ...]:
    """The services that are taken as they are, in their order: databases, queues, caches.

    None where there is no such file, or it cannot be read: it promises nothing else.
    """
    for name in NAMES:
        text = (files.content(name) or b"").decode("utf-8-sig", errors="replace")
        if text and not ("<<" in text and len(ALIAS.findall(text)) > MOST_MERGED):
            return tuple(named(text))
    return ()


def named(text: str) -> list[str]:
    try:
        document: Any = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, as elsewhere
    except (yaml.YAMLError, RecursionError, ValueError):
        return []
    services = at(document, "services")
    pairs = services.items() if isinstance(services, dict) else ()
    return [str(name) for name, one in pairs
            if at(one, "image") is not None and at(one, "build") is None]  # fmt: skip
