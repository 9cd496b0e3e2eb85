"""How a cluster asks a container: by HTTP, by a command within it, or in ways of its own."""

from typing import Any

from quantumlayer.manifests.kubernetes.documents import at, words

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def asked_commands(container: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """The commands of probes, each once."""
    found = (words(container, name, "exec", "command") for name in PROBES)
    return tuple(dict.fromkeys(one for one in found if one))


def asked_otherwise(container: dict[str, Any]) -> tuple[str, ...]:
    """A sentence for each probe that is asked by gRPC."""
    found = {name: at(container, name, "grpc", "port") for name in PROBES}
    return tuple(f"The {name} asks by gRPC at port {port}, which is not spoken here."
                 for name, port in found.items() if port is not None)  # fmt: skip
