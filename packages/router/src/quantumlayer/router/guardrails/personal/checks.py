"""Whether what looks like personal data is some: check digits, prefixes, addresses of nobody."""

from collections.abc import Callable
from importlib import import_module
from ipaddress import ip_address
from typing import Any

from stdnum import luhn

from quantumlayer.router.guardrails.patterns import Found, Pattern, table

Check = Callable[[str, Found], bool]
"""Of a text and a match in it: whether it is meant."""

_DATA = table("personal")
_CARDS = _DATA["cards"]
_EMAIL = _DATA["email"]
_SEPARATORS = str.maketrans("", "", " -")
_SHORTEST_PHONE, _SHORTEST_INTERNATIONAL, _LONGEST_PHONE = 7, 9, 15  # ITU-T E.164
_LONGEST_URL = 80
"""Characters before a mailbox in which a URL may begin that has a name and a password."""
_AFTER_CODE = frozenset("(:/")
_NOBODYS = Pattern(_DATA["phones"]["nobodys"])


def email(text: str, found: Found) -> bool:
    """Somebody's mailbox: neither reserved names, nor a password in a URL, nor code."""
    before = text[max(found.start - _LONGEST_URL, 0) : found.start]
    in_url = "://" in "".join(before.split()[-1:]) and not before[-1:].isspace()
    if (
        in_url
        or before.endswith(("@", "/", "\\"))
        or text[found.end : found.end + 1] in _AFTER_CODE
    ):
        return False
    mailbox, _, domain = found.text.lower().rpartition("@")
    ending = domain.rpartition(".")[2]
    reserved = any(domain == name or domain.endswith(f".{name}") for name in _EMAIL["domains"])
    return not reserved and mailbox not in _EMAIL["mailboxes"] and ending not in _EMAIL["endings"]


def card(text: str, found: Found) -> bool:
    """Luhn's check digit, and a prefix and a length that a scheme has given out."""
    number = found.text.translate(_SEPARATORS)
    if _in_a_longer_number(text, found) or number in _CARDS["tests"] or len(set(number)) < 4:
        return False
    return any(
        row["from"] <= number[: len(row["from"])] <= row["to"] and len(number) in row["lengths"]
        for row in _CARDS["prefixes"]
    ) and luhn.is_valid(number)


def ip(text: str, found: Found) -> bool:
    """An address on the public internet, and not the four numbers of a version."""
    before = text[max(found.start - len("version = '"), 0) : found.start].lower()
    if _in_a_longer_number(text, found) or before[-1:] in _BEFORE_VERSION or "version" in before:
        return False
    try:
        address = ip_address(found.text)
    except ValueError:
        return False
    known = found.text in _DATA["ip"]["known"] or _numbered(found.text)
    return address.is_global and not address.is_multicast and not known


def _numbered(address: str) -> bool:
    """Versions and object identifiers have small numbers; so do few addresses."""
    parts = address.split(".")
    return len(parts) == 4 and (
        parts[0] in {"0", "1", "2"} or all(int(part) < 40 for part in parts)
    )


_BEFORE_VERSION = frozenset("v=~^-_")


def international(text: str, found: Found) -> bool:
    """A plus and as many digits as E.164 has with a country's code."""
    number = _digits(found.text)
    before = text[max(found.start - 1, 0) : found.start]
    return not before.isalnum() and len(number) >= _SHORTEST_INTERNATIONAL and _telephone(number)


def digits(text: str, found: Found) -> bool:
    """As many digits as a telephone number has."""
    del text
    return _telephone(_digits(found.text))


def _telephone(number: str) -> bool:
    return (
        _SHORTEST_PHONE <= len(number) <= _LONGEST_PHONE
        and len(set(number)) > 2
        and "0000" not in number
        and not _NOBODYS.occurs(number)
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text.partition("x")[0]))


def anything(text: str, found: Found) -> bool:
    """The pattern says it all."""
    return not _in_a_longer_number(text, found)


def by_stdnum(name: str) -> Check:
    """The test of a module of python-stdnum: check digits, dates and regions in a number."""
    module: Any = import_module(f"stdnum.{name}")

    def valid(text: str, found: Found) -> bool:
        somebodys = found.text.translate(_SEPARATORS) not in _DATA["ids"]["nobodys"]
        return somebodys and not _in_a_longer_number(text, found) and module.is_valid(found.text)

    return valid


def _in_a_longer_number(text: str, found: Found) -> bool:
    """Whether digits go on behind a point or a sign: a fraction, a version, an id in a row."""
    before, after = text[max(found.start - 2, 0) : found.start], text[found.end : found.end + 2]
    return _joined(before[-1:], before[:1]) or _joined(after[:1], after[1:])


def _joined(joint: str, beyond: str) -> bool:
    return (joint in _TIGHT and beyond.isalnum()) or (joint in _LOOSE and beyond.isdigit())


_TIGHT, _LOOSE = frozenset("._-"), frozenset("+/:@")

CHECKS: dict[str, Check] = {
    "email": email,
    "card": card,
    "ip": ip,
    "international": international,
    "digits": digits,
}
