"""Imports of JavaScript modules: a template names what it might need, and keeps what it uses."""

import re

_IMPORT = re.compile(r'^import (\{ )?([\w$, ]+?)( \})? from ("[^"]+");\n', re.MULTILINE)
_NOT_CODE = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)


def used_imports(text: str) -> str:
    """The module without the names that it imports and does not use."""
    code = _NOT_CODE.sub("", _IMPORT.sub("", text))

    def kept(found: re.Match[str]) -> str:
        names = [
            name for name in found[2].split(", ") if re.search(rf"(?<![\w)\]]\.)\b{name}\b", code)
        ]
        named = f"{found[1] or ''}{', '.join(names)}{found[3] or ''}"
        return f"import {named} from {found[4]};\n" if names else ""

    return _IMPORT.sub(kept, text)
