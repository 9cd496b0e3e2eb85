"""Compose files: how a project runs what it builds, and which servers it counts on beside it."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import yaml

from quantumlayer.manifests.kubernetes.bounds import compose_memory_limit
from quantumlayer.manifests.kubernetes.documents import ALIAS, MOST_MERGED, at
from quantumlayer.manifests.kubernetes.model import MountedVolume, Workload
from quantumlayer.manifests.kubernetes.values import LONGEST_VALUE, made_up, text
from quantumlayer.manifests.model import ProjectFiles

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
REFERENCE = re.compile(
    r"\$(?:(?P<escaped>\$)|\{(?P<braced>\w+)(?:(?P<kind>:?[-?+])(?P<word>[^}]*))?\}|(?P<bare>\w+))"
)
HERE = (".", "./")
STOP_SECONDS = 10.0
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose_companions(files: ProjectFiles) -> tuple[str, ...]:
    """The services that are taken as they are, in their order: databases, queues, caches."""
    _, services = read(files)
    return tuple(name for name, one in services.items()
                 if at(one, "image") is not None and at(one, "build") is None)  # fmt: skip


def compose_workload(files: ProjectFiles) -> Workload | None:
    """The service that is built from the project's own folder; None where none, or several, are.

    Its probes and ports are the image's. Variables that a person has to set are made up.
    """
    path, services = read(files)
    built = {name: one for name, one in services.items() if is_built_here(at(one, "build"))}
    if len(built) != 1:
        return None
    ((name, one),) = built.items()
    unset: list[str] = []
    environment = tuple((key, expanded(value, key, unset)) for key, value in variables(one))
    unknown = tuple(f"The value of `{key}` is not in the project: it was made up." for key in unset)
    return Workload(
        name=name,
        path=path,
        user=text(at(one, "user")),
        read_only=at(one, "read_only") is True,
        command=words(at(one, "entrypoint")),
        arguments=words(at(one, "command")),
        environment=environment,
        memory_bytes=compose_memory_limit(one),
        grace_seconds=STOP_SECONDS,
        volumes=tuple(mounts(one)),
        made_up=tuple(unset),
        unknown=unknown,
    )


def read(files: ProjectFiles) -> tuple[str, dict[str, Any]]:
    """The first compose file with its services; none where it cannot be read."""
    for name in NAMES:
        content = (files.content(name) or b"").decode("utf-8-sig", errors="replace")
        if not content or ("<<" in content and len(ALIAS.findall(content)) > MOST_MERGED):
            continue
        try:
            document = yaml.load(content, Loader=_LOADER)  # noqa: S506 - safe, as elsewhere
        except (yaml.YAMLError, RecursionError, ValueError):
            continue
        services = at(document, "services")
        found = services if isinstance(services, dict) else {}
        return name, {str(key): one for key, one in found.items()}
    return "", {}


def is_built_here(build: object) -> bool:
    """Whether a service is built from the folder and the Dockerfile at the top."""
    if isinstance(build, str):
        return build in HERE
    dockerfile = at(build, "dockerfile") or "Dockerfile"
    return isinstance(build, dict) and (build.get("context") or ".") in HERE and (
        dockerfile == "Dockerfile"
    )  # fmt: skip


def variables(service: object) -> Iterator[tuple[str, str]]:
    """The names and values of `environment`, which is an object or a list."""
    found = at(service, "environment")
    if isinstance(found, dict):
        for name, value in found.items():
            # Without a value it is whatever the shell has.
            yield str(name), f"${{{name}:?}}" if value is None else text(value)
    for row in found if isinstance(found, list) else []:
        name, has_value, value = text(row).partition("=")
        yield name, value if has_value else f"${{{name}:?}}"


def expanded(value: str, name: str, unset: list[str]) -> str:
    """A value with defaults in the place of variables; one that has none is made up, and noted."""

    def chosen(match: re.Match[str]) -> str:
        if match["escaped"]:
            return "$"
        if (match["kind"] or "").endswith("-"):
            return match["word"] or ""
        if (match["kind"] or "").endswith("+"):
            return ""
        unset.extend([name] if name not in unset else [])
        return made_up(match["braced"] or match["bare"])

    return REFERENCE.sub(chosen, value[:LONGEST_VALUE])[:LONGEST_VALUE].replace("\0", "")


def words(value: object) -> tuple[str, ...] | None:
    """A command as compose reads it: a list, or words of a shell."""
    if isinstance(value, list):
        return tuple(text(one).replace("\0", "") for one in value)
    if not isinstance(value, str):
        return None
    try:
        return tuple(shlex.split(value.replace("\0", "")))
    except ValueError:
        return None


def mounts(service: object) -> Iterator[MountedVolume]:
    """Named volumes, which last, and folders in memory; folders of the host are not here."""
    temporary = at(service, "tmpfs")
    for one in temporary if isinstance(temporary, list) else [temporary]:
        if isinstance(one, str) and one.startswith("/"):
            yield MountedVolume(path=one.partition(":")[0], lasting=False)
    volumes = at(service, "volumes")
    for row in volumes if isinstance(volumes, list) else []:
        if isinstance(row, dict) and row.get("type") == "volume":
            source, target = "named", text(row.get("target"))
        else:
            source, _, rest = text(row).partition(":")
            target = rest.partition(":")[0]
        if source and not source.startswith((".", "/", "~", "$", "{")) and target.startswith("/"):
            yield MountedVolume(path=target, lasting=True)
