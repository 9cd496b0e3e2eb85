"""Answers that are files: raw text with a path and an end mark each, several a reply."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, JsonValue

from quantumlayer.router.asking import refused
from quantumlayer.router.formats.json_document import JsonDocument
from quantumlayer.router.formats.protocol import AnswerProblemError
from quantumlayer.router.formats.tag_stitching import stitched
from quantumlayer.router.formats.tags import (
    blocks,
    ends_in_a_tag,
    open_block,
    whole_files,
    without_thoughts,
)
from quantumlayer.router.messages import Message


class FileNote(BaseModel):
    """What must change in a file that was not asked for, and why, in the model's words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    text: str


class WrittenFiles(BaseModel):
    """Files by their paths, notes on others, and which of those asked for did not come whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: dict[str, str]
    notes: tuple[FileNote, ...] = ()
    missing: tuple[str, ...] = ()


class _OneFile(BaseModel):
    """How models that were taught to put everything into JSON answer with one file."""

    model_config = ConfigDict(extra="ignore")

    content: str


_AS_JSON = JsonDocument(_OneFile)


@dataclass(frozen=True, slots=True)
class TaggedFiles:
    """The files at `paths`, as `quantumlayer.router.formats.tags` has them.

    With `partial` what came whole is an answer though others are missing; else the missing ones are
    asked for until all are there. Where one file was asked for, its JSON will do as well.
    """

    paths: tuple[str, ...]
    partial: bool = False

    @property
    def name(self) -> str:
        """The form and the paths."""
        return "\n".join(("tagged files", *self.paths))

    @property
    def schema(self) -> dict[str, JsonValue] | None:
        """None: it is plain text."""
        return None

    def said(self, text: str) -> str:
        """`text` without the model's thoughts; no content of a file is touched."""
        kept = without_thoughts(text, self.paths)
        if blocks(kept, self.paths):
            return kept
        document = _AS_JSON.said(text)
        return document if self._is_json(document) else kept

    def is_begun(self, text: str) -> bool:
        """Whether one of the files begins in `text`."""
        return bool(blocks(text, self.paths)) or self._is_json(text)

    def is_complete(self, text: str) -> bool:
        """Whether every file came to its end, and nothing else had begun."""
        if self._is_json(text):
            return _AS_JSON.is_complete(text)
        found = blocks(text, self.paths)
        after = text[found[-1].end or 0 :] if found else ""
        return not self._missing(text) and not self.is_cut_off(text) and not after.strip("`~ \r\n")

    def is_cut_off(self, text: str) -> bool:
        """Whether a file or a note begins in `text` and does not end."""
        if self._is_json(text):
            return _AS_JSON.is_cut_off(text)
        return open_block(text, self.paths) is not None or ends_in_a_tag(text)

    def read(self, text: str) -> WrittenFiles:
        """The files; raises `AnswerProblemError` with the paths that are missing or have no end."""
        if self._is_json(text):
            return WrittenFiles(files={self.paths[0]: _AS_JSON.read(text).content})
        missing = self._missing(text)
        if missing and not (self.partial and len(missing) < len(self.paths)):
            raise AnswerProblemError(self._problem(text))
        whole = whole_files(text, self.paths)
        return WrittenFiles(
            files={path: whole[path].content for path in self.paths if path in whole},
            notes=tuple(
                FileNote(path=block.path, text=block.content.strip())
                for block in blocks(text, self.paths)
                if block.kind == "note" and block.end is not None and block.content.strip()
            ),
            missing=missing,
        )

    def asked_again(
        self, messages: tuple[Message, ...], answer: str, problem: str
    ) -> tuple[Message, ...]:
        """The conversation that asks for what is missing; what came whole is kept."""
        request = (
            f"That answer cannot be used as it is. {problem}\n\n"
            'Give those files now, each whole, between a line <file path="…"> with its path and a '
            "line </file>, and nothing else. What came whole is kept: do not repeat it."
        )
        return refused(messages, answer, request)

    def together(self, earlier: str, later: str) -> str:
        """What came whole before, and what came after; of one file the later content."""
        if self._is_json(later):
            return later
        kept = [earlier[block.start : block.end] for block in blocks(earlier, self.paths)
                if block.end is not None]  # fmt: skip
        return "\n".join((*kept, later))

    def stitch(self, partial: str, continuation: str) -> str:
        """The text that a part and the reply that goes on from it make."""
        if self._is_json(partial) or self._is_json(continuation):
            return _AS_JSON.stitch(partial, continuation)
        return stitched(partial, continuation, self.paths)

    def _missing(self, text: str) -> tuple[str, ...]:
        whole = whole_files(text, self.paths)
        return tuple(path for path in self.paths if path not in whole)

    def _problem(self, text: str) -> str:
        missing = self._missing(text)
        begun = {block.path for block in blocks(text, self.paths)}
        absent = [f"`{path}`" for path in missing if path not in begun]
        endless = [f"`{path}`" for path in missing if path in begun]
        said = [f"These files did not come: {', '.join(absent)}."] if absent else []
        if endless:
            named = ", ".join(endless)
            said.append(f"These began and have no end mark, a line </file> of its own: {named}.")
        return " ".join(said)

    def _is_json(self, text: str) -> bool:
        """Whether the one file that was asked for is, or begins, as JSON."""
        if len(self.paths) != 1 or blocks(text, self.paths):
            return False
        if _AS_JSON.is_cut_off(text):
            return True
        try:
            _AS_JSON.read(text)
        except AnswerProblemError:
            return False
        return True
