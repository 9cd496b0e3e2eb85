"""Sources as UTF-8, whatever they were written in: what they declare, else what fits.

Grammars, rules and linters read UTF-8. A declaration inside of a file has the first word (a byte
order mark, PEP 263 and its likes, `charset` of HTML and CSS, `encoding` of XML), then what the
project declares, then UTF-8. What fits none of them is read as Windows-1252, in which each byte is
a character: readable names are worth more than a guess that may be refused.
"""

import codecs
import re

_HEAD = 1024
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In the first two lines alone, as Python, Ruby, Emacs and Vim look for it.
_COMMENT = re.compile(rb"^[^\n]*?(?:coding|fenc)[:=][ \t]*([-\w.]+)", re.IGNORECASE)
_COMMENTED = re.compile(rb"^[ \t\f]*(?:#|//|/\*|;|--|<!--|%|\")")
_MARKUP = re.compile(
    rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([-\w.:]+)"
    rb"|<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?([-\w.:]+)"
    rb"|\A@charset\s+\"([-\w.:]+)\"",
    re.IGNORECASE,
)
# Codecs of Python that are no encodings of sources.
_NOT_OF_SOURCES = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "mbcs", "oem"}
)


def as_utf8(data: bytes, declared: str | None = None) -> bytes:
    """`data` in UTF-8; `declared` is the encoding that its project declares, where it does.

    Line ends stay where they are. Never raises: what cannot be told is read as Windows-1252.
    """
    if data.isascii():
        return data
    if is_marked(data):
        return _decoded(data, _marked_as(data)) or data
    for name in (declared_inside(data), declared, "utf-8"):
        if name is not None and (found := _decoded(data, name)) is not None:
            return found
    return _decoded(data, "cp1252") or data.decode("latin-1").encode()


def is_marked(data: bytes) -> bool:
    """Whether a byte order mark says that the text is in UTF-16 or UTF-32."""
    return bool(_marked_as(data))


def _marked_as(data: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")


def declared_inside(data: bytes) -> str | None:
    """The encoding that a file names in itself, or None."""
    for line in data[:_HEAD].split(b"\n")[:2]:
        if _COMMENTED.match(line) and (found := _COMMENT.match(line)):
            return found[1].decode("ascii", errors="replace")
    found = _MARKUP.search(data[:_HEAD])
    if found is None:
        return None
    return next(name for name in found.groups() if name).decode("ascii", errors="replace")


def _decoded(data: bytes, name: str) -> bytes | None:
    """`data` in UTF-8 when it is valid in the encoding called `name`."""
    try:
        codec = codecs.lookup(name)
        if codec.name in _NOT_OF_SOURCES:
            return None
        if codec.name == "utf-8":
            data.decode()
            return data
        return data.decode(codec.name).encode()
    # An encoding of bytes into bytes is a LookupError.
    except (LookupError, ValueError):
        return None
