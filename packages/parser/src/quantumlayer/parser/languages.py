"""Which language a file is written in: by its name, its first line, else its content."""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from quantumlayer.parser.language import Language
from quantumlayer.parser.language_table import TABLE

LANGUAGES: Mapping[str, Language] = {language.name: language for language in TABLE}
"""Every language by name."""

_BY_EXTENSION = {ext: language for language in TABLE for ext in language.extensions}
_BY_FILENAME = {name: language for language in TABLE for name in language.filenames}
_BY_INTERPRETER = {name: language for language in TABLE for name in language.interpreters}

# As much of a file as is read to find its language.
_HEAD = 8_192
_MODELINE = re.compile(
    rb"-\*-\s*(?:[^\n]*?mode:\s*)?([\w+#-]+)[^\n]*-\*-|\bvim?:[^\n]*\b(?:ft|filetype|syntax)=([\w+]+)"
)
_MODES = {
    "c++": "cpp",
    "js": "javascript",
    "sh": "bash",
    "shell-script": "bash",
    "makefile": "make",
    "cs": "csharp",
    "protobuf": "proto",
}
_CPP = re.compile(
    rb"^\s*(?:class\s+\w+[^;]*\{|namespace\s|template\s*<|using\s+\w|public:|private:|protected:"
    rb"|#\s*include\s*<(?:string|vector|map|memory|iostream|utility|functional|cstd\w+)>)",
    re.MULTILINE,
)
_OBJC = re.compile(
    rb"^\s*(?:@interface|@implementation|@protocol|@class|@import|#\s*import)\b", re.MULTILINE
)
_BEGINNINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for name, pattern in (
        ("php", rb"<\?php\b"),
        ("html", rb"<!doctype\s+html|<html\b"),
        ("xml", rb"<\?xml\b"),
        ("json", rb"""[{\[]\s*(?:["\]}{\[]|-?\d)"""),
        ("yaml", rb"%YAML\s|---\s*\n"),
        ("dockerfile", rb"(?:FROM|ARG)\s+\S+[^\n]*\n(?:.*\n)*?(?:RUN|COPY|CMD|ENTRYPOINT)\s"),
        ("go", rb"package\s+\w+\s*\n(?:.*\n)*?(?:func|import|type|var|const)\b"),
        ("c", rb"#\s*include\s*[<\"]"),
        ("proto", rb"syntax\s*=\s*\"proto[23]\""),
        (
            "python",
            rb"(?:from\s+[\w.]+\s+)?import\s+[\w.]+[^;\n]*\n|def\s+\w+\(.*\).*:\s*\n",
        ),
    )
)


def detect_language(path: str, content: bytes = b"") -> Language | None:
    """The language of a file, by its name, else by its first line or content; None when unknown."""
    name = PurePosixPath(path).name.lower()
    suffix = PurePosixPath(name).suffix
    if name not in _BY_FILENAME and suffix in _AMBIGUOUS:
        return LANGUAGES[_AMBIGUOUS[suffix](content[:_HEAD])]
    return (
        _BY_FILENAME.get(name)
        or _BY_EXTENSION.get(suffix)
        or _BY_FILENAME.get(name.split(".", 1)[0])
        or _by_first_line(content)
        or _by_content(content[:_HEAD], suffix)
    )


def _header(head: bytes) -> str:
    if _OBJC.search(head):
        return "objc"
    return "cpp" if _CPP.search(head) else "c"


_AMBIGUOUS: Mapping[str, Callable[[bytes], str]] = {".h": _header}


def _by_first_line(content: bytes) -> Language | None:
    if not content.startswith(b"#!"):
        return None
    words = content[2:200].split(b"\n", 1)[0].decode("utf-8", errors="replace").split()
    programs = [PurePosixPath(word).name for word in words if not word.startswith("-")]
    if programs and programs[0] == "env":
        programs = programs[1:]
    return _BY_INTERPRETER.get(programs[0].lower().rstrip("0123456789.")) if programs else None


def _by_content(head: bytes, suffix: str) -> Language | None:
    """By an editor's mode line; a file without any suffix also by how its content begins."""
    lines = head.split(b"\n", 2)[:2]
    mode = _MODELINE.search(b"\n".join(lines))
    if mode is not None:
        word = (mode[1] or mode[2]).decode("ascii", "replace").lower()
        return LANGUAGES.get(_MODES.get(word, word))
    if suffix or b"\0" in head:
        return None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((LANGUAGES[name] for pattern, name in _BEGINNINGS if pattern.match(start)), None)
