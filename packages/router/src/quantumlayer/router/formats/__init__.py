"""The forms in which an answer may be asked for: how each is named, read, continued and mended."""

from quantumlayer.router.formats.json_document import JsonDocument
from quantumlayer.router.formats.protocol import AnswerFormat, AnswerProblemError
from quantumlayer.router.formats.tagged_files import FileNote, TaggedFiles, WrittenFiles
from quantumlayer.router.formats.tags import written

__all__ = [
    "AnswerFormat",
    "AnswerProblemError",
    "FileNote",
    "JsonDocument",
    "TaggedFiles",
    "WrittenFiles",
    "written",
]
