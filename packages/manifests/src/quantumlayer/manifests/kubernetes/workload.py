"""Reading the workload that a project runs in a cluster. Nothing is asked of a cluster."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from quantumlayer.manifests.kubernetes.asked import PROBES, asked_commands, asked_otherwise
from quantumlayer.manifests.kubernetes.bounds import memory_limit, must_not_be_root
from quantumlayer.manifests.kubernetes.documents import (
    WORKLOADS,
    Document,
    at,
    documents,
    number,
    rows,
    words,
)
from quantumlayer.manifests.kubernetes.model import MountedFile, MountedVolume, Workload
from quantumlayer.manifests.kubernetes.values import Values
from quantumlayer.manifests.model import Malformed, NotUnderstood, ProjectFiles

LARGEST_PORT = 65_535
ENDING = ("Job", "CronJob")
LASTING = ("persistentVolumeClaim", "hostPath", "csi", "nfs")
OF_FILES = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"))


def kubernetes_workload(files: ProjectFiles) -> Workload | None:
    """What runs in a cluster; None where the project has no such manifest.

    Raises Malformed for what no cluster takes, NotUnderstood where it is not clear which of several
    workloads is the project's own.
    """
    found = documents(files)
    # An overlay repeats the name of what it changes, and lies deeper.
    own = {one.name: one for one in reversed(found) if one.kind in WORKLOADS and container_of(one)}
    candidates = [one for one in own.values() if answers(container_of(one))] or list(own.values())
    if not candidates:
        return None
    if len(candidates) > 1:
        names = ", ".join(sorted(one.name for one in candidates))
        raise NotUnderstood(f"it is one of several workloads that answer: {names}",
                            path=candidates[0].path)  # fmt: skip
    return workload(candidates[0], found)


def pod_of(document: Document) -> Any:  # noqa: ANN401 - whatever the file holds
    return at(document.content, *WORKLOADS[document.kind])


def container_of(document: Document) -> dict[str, Any]:
    """The container that answers, empty where there is none with an image."""
    found = [one for one in rows(pod_of(document), "containers") if at(one, "image")]
    return next((one for one in found if answers(one)), found[0] if found else {})


def answers(container: dict[str, Any]) -> bool:
    return any(at(container, name, "httpGet") for name in PROBES)


def workload(document: Document, all_documents: Sequence[Document]) -> Workload:
    container, pod = container_of(document), pod_of(document)
    values = Values(all_documents)
    probes = [at(container, name, "httpGet") for name in PROBES if at(container, name, "httpGet")]
    ports = [port_number(at(one, "port"), container) for one in probes]
    listed = [number(one, "containerPort") for one in rows(container, "ports")]
    volumes, mounted = mounts(document, container, values)
    known = [one for one in (*ports, *listed) if one and one <= LARGEST_PORT]
    found = Workload(
        name=document.name,
        path=document.path,
        serves=document.kind not in ENDING and bool(known),
        replicas=number(document.content, "spec", "replicas", default=1),
        user=user_of(pod, container),
        group_of_volumes=at(pod, "securityContext", "fsGroup") is not None,
        read_only=at(container, "securityContext", "readOnlyRootFilesystem") is True,
        command=words(container, "command"),
        arguments=words(container, "args"),
        environment=values.environment(container),
        port=known[0] if known else None,
        probes=tuple(dict.fromkeys(path_of(one) for one in probes)),
        commands=asked_commands(container),
        otherwise=asked_otherwise(container),
        not_root=must_not_be_root(pod, container),
        memory_bytes=memory_limit(container),
        start_seconds=patience(container),
        grace_seconds=float(number(pod, "terminationGracePeriodSeconds", default=30)),
        volumes=volumes,
        files=mounted,
        made_up=tuple(dict.fromkeys(values.made_up)),
        companions=tuple(
            dict.fromkeys(
                one.name
                for one in all_documents
                if one.kind in WORKLOADS and one.name != document.name
            )
        ),
        unknown=tuple(dict.fromkeys(values.unknown)),
    )
    if any("\0" in text for text in texts(found)):
        raise Malformed("it holds a character that no program can be told", path=document.path)
    return found


def texts(found: Workload) -> Iterator[str]:
    """What becomes a word of a command, or a path."""
    yield from (found.user, *(found.command or ()), *(found.arguments or ()), *found.probes)
    yield from (text for command in found.commands for text in command)
    yield from (text for pair in found.environment for text in pair)
    yield from (one.path for one in found.volumes)
    yield from (one.path for one in found.files)


def path_of(probe: dict[str, Any]) -> str:
    return f"/{str(at(probe, 'path') or '/').lstrip('/')}"


def port_number(port: object, container: dict[str, Any]) -> int | None:
    """The number of a port, which a probe may call by its name."""
    if isinstance(port, int):
        return port
    if isinstance(port, str) and port.isdigit():
        return int(port)
    named = (one for one in rows(container, "ports") if at(one, "name") == port)
    return next((number(one, "containerPort") or None for one in named), None)


def user_of(pod: object, container: object) -> str:
    """`user:group` as the cluster sets them, the container's word over the pod's."""
    user, group = (
        next((found for part in (container, pod)
              if (found := at(part, "securityContext", name)) is not None), None)
        for name in ("runAsUser", "runAsGroup")
    )  # fmt: skip
    if user is None:
        return ""
    return f"{user}:{group}" if group is not None else str(user)


def patience(container: dict[str, Any]) -> float:
    """Seconds until a cluster gives up on a start; 0 where it would wait without end."""
    startup = at(container, "startupProbe")
    probe = startup if startup is not None else at(container, "livenessProbe")
    if probe is None:
        return 0.0
    period, tries = number(probe, "periodSeconds", default=10), number(
        probe, "failureThreshold", default=3
    )  # fmt: skip
    return float(number(probe, "initialDelaySeconds") + period * tries)


def mounts(
    document: Document, container: dict[str, Any], values: Values
) -> tuple[tuple[MountedVolume, ...], tuple[MountedFile, ...]]:
    volumes = {at(one, "name"): one for one in rows(pod_of(document), "volumes")}
    claimed = {at(one, "metadata", "name")
               for one in rows(document.content, "spec", "volumeClaimTemplates")}  # fmt: skip
    folders: list[MountedVolume] = []
    files: list[MountedFile] = []
    for mount in rows(container, "volumeMounts"):
        name, path = at(mount, "name"), str(at(mount, "mountPath") or "/")
        volume = volumes.get(name, {})
        lasting = name in claimed or any(at(volume, kind) is not None for kind in LASTING)
        if lasting or at(volume, "emptyDir") is not None:
            folders.append(MountedVolume(path=path, lasting=lasting))
        else:
            files += held_files(volume, mount, path, values)
    return tuple(folders), tuple(files)


def held_files(
    volume: dict[str, Any], mount: dict[str, Any], path: str, values: Values
) -> list[MountedFile]:
    """The files of a ConfigMap or Secret that is mounted."""
    for place, kind, key in OF_FILES:
        if at(volume, place) is None:
            continue
        name = at(volume, place, key)
        held = values.held.get((kind, name))
        if held is None:
            values.unknown.append(f"The {kind} `{name}`, mounted at {path}, is not in the project.")
        chosen = {at(one, "key"): at(one, "path") for one in rows(volume, place, "items")}
        named = {str(chosen.get(each, each)): text for each, text in (held or {}).items()
                 if not chosen or each in chosen}  # fmt: skip
        single = at(mount, "subPath")
        if single is not None:
            return [MountedFile(path=path, content=named[single])] if single in named else []
        return [MountedFile(path=str(PurePosixPath(path) / each), content=text)
                for each, text in named.items()]  # fmt: skip
    values.unknown.append(f"What is mounted at {path} is not in the project.")
    return []
