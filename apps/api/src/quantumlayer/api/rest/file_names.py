"""A file's name in `Content-Disposition`, for every client (RFC 6266 and RFC 8187)."""

from urllib.parse import quote

# RFC 8187's attr-char beyond letters and digits.
_UNESCAPED = "!#$&+-.^_`|~"


def attachment(file_name: str) -> str:
    """The value of `Content-Disposition` that saves the answer as `file_name`."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\/' else "_"
        for letter in file_name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, _UNESCAPED)}"
