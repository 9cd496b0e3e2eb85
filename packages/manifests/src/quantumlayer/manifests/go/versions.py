"""Versions of Go, as go lines, toolchain lines and `go version` write them."""

import re

_VERSION = re.compile(r"^(?:go)?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(beta|rc)(\d+))?(?:[-+ ].*)?$")
_BEFORE_RELEASE = {"beta": -2, "rc": -1}
Order = tuple[int, int, int, int, int]


def order_of(version: str) -> Order | None:
    """What versions are compared by; None where this is none, as in `toolchain default`.

    From Go 1.21 on, `1.21` is the language, which comes before its release candidates; the tools
    take a release for it, so both are held equal here.
    """
    match = _VERSION.match(version)
    if match is None:
        return None
    major, minor, patch, kind, number = match.groups()
    numbers = (int(major), int(minor or 0), int(patch or 0))
    return (*numbers, _BEFORE_RELEASE.get(kind or "", 0), int(number or 0))


def is_newer(wanted: str, here: str) -> bool:
    """Whether a project that asks for `wanted` cannot be built by `here`."""
    asked, given = order_of(wanted), order_of(here)
    return asked is not None and given is not None and asked > given
