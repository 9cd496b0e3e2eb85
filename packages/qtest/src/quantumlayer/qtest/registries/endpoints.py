"""Hosts and ports of registries, and which addresses a name may stand for."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
# Where services live that are nobody's registry unless the deployment says so by name.
INNER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
        "::/127", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2002::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Endpoint:
    """A host, by name or address, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Registries:
    """The endpoints that an installer may reach.

    `named` are those that the deployment itself names, wherever they are; `known` are the defaults
    of the tool, which may not turn out to be services inside the deployment's own network.
    """

    named: frozenset[Endpoint] = field(default_factory=frozenset)
    known: frozenset[Endpoint] = field(default_factory=frozenset)

    def allow(self, endpoint: Endpoint) -> bool:
        return endpoint in self.named or endpoint in self.known

    def may_be_at(self, endpoint: Endpoint, address: str) -> bool:
        """Whether this address may be connected to for the endpoint."""
        return endpoint in self.named or not is_inner(address)


def endpoint_of(url: str) -> Endpoint | None:
    """Whom a URL addresses; None for what is no URL of the web."""
    words = url.strip().removeprefix("sparse+").removeprefix("registry+")
    try:
        parts = urlsplit(words)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or port is None:
        return None
    return Endpoint(parts.hostname, port)


def endpoints_of(urls: Iterable[str]) -> frozenset[Endpoint]:
    """The endpoints of all that are URLs."""
    return frozenset(endpoint for url in urls if (endpoint := endpoint_of(url)))


def authority(text: str, default_port: int | None = None) -> Endpoint | None:
    """The endpoint in `host:port` or `[host]:port`."""
    try:
        parts = urlsplit(f"//{text.strip()}")
        port = parts.port or default_port
    except ValueError:
        return None
    if not parts.hostname or port is None or parts.path or parts.query:
        return None
    return Endpoint(parts.hostname, port)


def is_inner(address: str) -> bool:
    """Whether an address belongs to this machine or to a private network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found.version == network.version and found in network for network in INNER)


def is_loopback(endpoint: Endpoint) -> bool:
    """Whether an endpoint is named as one of this machine."""
    try:
        return ipaddress.ip_address(endpoint.host).is_loopback
    except ValueError:
        return endpoint.host == "localhost" or endpoint.host.endswith(".localhost")
