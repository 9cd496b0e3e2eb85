"""The plain text behind a disguised one, for detectors that only decide and need no places."""

import unicodedata

from quantumlayer.router.guardrails.patterns import Pattern

# Zero-width and soft characters, marks of direction, variation selectors, and the tags of Unicode.
INVISIBLE = Pattern(
    r"[\x{00AD}\x{034F}\x{061C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2064}\x{2066}-\x{2069}\x{FE00}-\x{FE0F}\x{FEFF}\x{E0000}-\x{E007F}]+"
)


def plain(text: str) -> str:
    """Without invisible characters, compatibility forms (NFKC), and spaces between all letters."""
    seen = text if text.isascii() else _visible(text)
    return _closed(seen) if _SPACED.occurs(seen) else seen


# «s c u m»: four letters or more, each alone; a formula has signs between its letters.
_SPACED = Pattern(r"(?:^|[^\w'])(?P<it>[A-Za-z](?: [A-Za-z]){3,20})(?:$|[^\w'])")


def _closed(text: str) -> str:
    seen, done = [], 0
    for found in _SPACED.all(text):
        seen += [text[done : found.start], found.text.replace(" ", "")]
        done = found.end
    return "".join((*seen, text[done:]))


def _visible(text: str) -> str:
    seen, done = [], 0
    for found in INVISIBLE.all(text):
        seen.append(text[done : found.start])
        done = found.end
    whole = "".join((*seen, text[done:]))
    return unicodedata.normalize("NFKC", whole).replace("\u2019", "'").replace("\u2018", "'")


# Tags spell whole sentences that nobody sees; flags of regions are the one use of a few of them.
_HIDDEN = Pattern(
    r"[\x{E0020}-\x{E007E}]{8,}|[\x{202A}-\x{202E}\x{2066}-\x{2069}][^\n]{0,200}[\x{202A}-\x{202E}\x{2066}-\x{2069}].{0,200}[\x{202A}-\x{202E}]|[\x{200B}-\x{200D}\x{2060}\x{FEFF}]{16,}"
)


def hidden_text(text: str) -> bool:
    """Whether something stands in the text that is meant for machines and hidden from people."""
    return not text.isascii() and _HIDDEN.occurs(text)
