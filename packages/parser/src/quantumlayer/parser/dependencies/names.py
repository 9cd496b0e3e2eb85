"""Names that look like a famous one."""

import tomllib
from functools import cache
from importlib import resources

from quantumlayer.manifests import Ecosystem, normalised

_SHORTEST = 5


def imitated(ecosystem: Ecosystem, name: str) -> str | None:
    """The famous name that `name` is one slip of the hand from; None when it is none.

    A slip: a letter more, less, other, or two exchanged; or parts in another order. A number at
    the end is none: that is how successors are named.
    """
    # Elsewhere a name begins with its owner, or no list of famous ones is kept.
    if ecosystem not in (Ecosystem.PYPI, Ecosystem.NPM):
        return None
    plain = normalised(name) if ecosystem is Ecosystem.PYPI else name
    famous, known = _names(ecosystem.value)
    if plain in famous or plain in known or len(plain) < _SHORTEST:
        return None
    for letters in _slips(plain):
        successor = letters.rstrip("0123456789") == plain.rstrip("0123456789")
        if letters in famous and len(letters) >= _SHORTEST and not successor:
            return letters
    swapped = "-".join(reversed(plain.split("-")))
    joined = plain.replace("-", "").replace(".", "")
    for candidate in famous:
        if candidate == swapped or (candidate != plain and _joined(candidate) == joined):
            return candidate
    return None


def famous(ecosystem: Ecosystem) -> frozenset[str]:
    """Packages that everybody knows; of other ecosystems than PyPI and npm none are listed."""
    return (
        _names(ecosystem.value)[0] if ecosystem in (Ecosystem.PYPI, Ecosystem.NPM) else frozenset()
    )


def generic() -> frozenset[str]:
    """Names of packages that projects give their own modules, too."""
    return _words("generic")


def _joined(name: str) -> str:
    return name.replace("-", "").replace(".", "").replace("_", "")


_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-._"


def _slips(name: str) -> set[str]:
    parts = [(name[:n], name[n:]) for n in range(len(name) + 1)]
    less = {a + b[1:] for a, b in parts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    other = {a + char + b[1:] for a, b in parts if b for char in _ALPHABET}
    more = {a + char + b for a, b in parts for char in _ALPHABET}
    return less | swapped | other | more


def _names(ecosystem: str) -> tuple[frozenset[str], frozenset[str]]:
    return _words(ecosystem), _words(f"known_{ecosystem}")


@cache
def _words(table: str) -> frozenset[str]:
    folder = resources.files("quantumlayer.parser.dependencies")
    given = tomllib.loads(folder.joinpath("famous.toml").read_text("utf-8"))
    return frozenset(given[table].split())
