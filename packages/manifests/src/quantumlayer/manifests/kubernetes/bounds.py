"""What a container may use, and whom it may not run as."""

import re
from typing import Any

from quantumlayer.manifests.kubernetes.documents import at

QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[KMGTP]i|[kMGTP]|m)?")
UNITS = {
    None: 1.0, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50,
}  # fmt: skip
OF_COMPOSE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[bkmgt])?b?", re.IGNORECASE)
STEPS = ("b", "k", "m", "g", "t")


def memory_limit(container: dict[str, Any]) -> int | None:
    """Bytes that a cluster gives a container; None where it says nothing that it understands."""
    match = QUANTITY.fullmatch(str(at(container, "resources", "limits", "memory") or ""))
    return int(float(match["number"]) * UNITS[match["unit"]]) or None if match else None


def compose_memory_limit(service: object) -> int | None:
    """The same of a service of compose, whose units are powers of 1024."""
    said = at(service, "mem_limit") or at(service, "deploy", "resources", "limits", "memory")
    match = OF_COMPOSE.fullmatch(str(said or ""))
    if match is None:
        return None
    step = STEPS.index((match["unit"] or "b").lower())
    return int(float(match["number"]) * 1024**step) or None


def must_not_be_root(pod: object, container: object) -> bool:
    """Whether a cluster refuses to start it as root, the container's word over the pod's."""
    said = [at(part, "securityContext", "runAsNonRoot") for part in (container, pod)]
    return next((one for one in said if isinstance(one, bool)), False)
