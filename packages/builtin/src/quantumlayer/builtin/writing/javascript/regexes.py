"""Regular expressions of the requirements as JavaScript writes them."""

_SYNTAX = "^$\\.*+?()[]{}|/"
_ESCAPES = "dDwWsSbBnrtfv0123456789"


def regex_code(pattern: str) -> str:
    """A pattern as a literal with the flag `u`, under which needless escapes are errors."""
    body, at, in_class = "", 0, False
    while at < len(pattern):
        part = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
        if pattern.startswith("(?P<", at):
            body, at = f"{body}(?<", at + 4
            continue
        at += len(part)
        if part.startswith("\\"):
            body += _escape(part, in_class=in_class)
            continue
        in_class = part == "[" or (in_class and part != "]")
        body += "\\/" if part == "/" and not in_class else _raw(part)
    return f"/{body}/u"


def _escape(part: str, *, in_class: bool) -> str:
    letter = part[1:]
    if letter in ("A", "Z"):
        return "^" if letter == "A" else "$"
    known = letter in _SYNTAX or letter in _ESCAPES or (in_class and letter == "-")
    return part if known else _raw(letter)


def _raw(character: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029"}.get(
        character, character
    )
