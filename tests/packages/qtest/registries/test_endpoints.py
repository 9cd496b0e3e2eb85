"""Whom an address means, and which addresses belong to the deployment's own network."""

import pytest

from quantumlayer.qtest.registries.endpoints import (
    Endpoint,
    Registries,
    authority,
    endpoint_of,
    endpoints_of,
    is_inner,
    is_loopback,
)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://mirror.example/simple", Endpoint("mirror.example", 443)),
        ("http://mirror.example/simple", Endpoint("mirror.example", 80)),
        ("https://user:word@Mirror.Example:8443/x", Endpoint("mirror.example", 8443)),
        ("sparse+https://mirror.example/index/", Endpoint("mirror.example", 443)),
        ("http://[::1]:3141/simple", Endpoint("::1", 3141)),
        ("file:///opt/wheels", None),
        ("/opt/wheels", None),
        ("direct", None),
        ("https://", None),
        ("https://mirror.example:99999/", None),
    ],
)
def test_whom_a_url_addresses(url: str, endpoint: Endpoint | None) -> None:
    assert endpoint_of(url) == endpoint
    assert endpoints_of([url]) == ({endpoint} if endpoint else set())


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("mirror.example:443", Endpoint("mirror.example", 443)),
        ("[::1]:80", Endpoint("::1", 80)),
        ("mirror.example", None),
        ("user@mirror.example:443", Endpoint("mirror.example", 443)),
        ("mirror.example:443/path", None),
        ("mirror.example:x", None),
    ],
)
def test_a_tunnel_names_host_and_port(text: str, endpoint: Endpoint | None) -> None:
    assert authority(text) == endpoint


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "224.0.0.1", "255.255.255.255", "ff02::1", "no address",
    ],
)  # fmt: skip
def test_what_lies_inside(address: str) -> None:
    assert is_inner(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "203.0.113.7", "2606:4700::1"])
def test_what_lies_outside(address: str) -> None:
    assert not is_inner(address)


def test_only_what_the_deployment_names_may_lie_inside() -> None:
    named, known = Endpoint("mirror.corp", 443), Endpoint("registry.example", 443)
    registries = Registries(frozenset({named}), frozenset({known}))
    assert registries.may_be_at(named, "10.0.0.7")
    assert registries.may_be_at(known, "8.8.8.8")
    assert not registries.may_be_at(known, "10.0.0.7")
    assert not registries.allow(Endpoint("mirror.corp", 8443))


@pytest.mark.parametrize(
    ("host", "ours"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("x.localhost", True),
     ("localhost.example", False), ("10.0.0.1", False)],
)  # fmt: skip
def test_what_is_this_machine(host: str, ours: bool) -> None:
    assert is_loopback(Endpoint(host, 80)) is ours
