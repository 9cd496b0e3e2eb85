"""The built-in analyst: English, and broken English, to requirements. Rules, no language model."""

import re
from contextlib import suppress

from quantumlayer.agents.builtin.understanding.kind import (
    describes_records,
    kind_of,
    names_a_service,
)
from quantumlayer.agents.builtin.understanding.library import understand_library
from quantumlayer.agents.builtin.understanding.listings import without_story
from quantumlayer.agents.builtin.understanding.prompt import Prompt, read_prompt
from quantumlayer.agents.builtin.understanding.refusal import NotUnderstood
from quantumlayer.agents.builtin.understanding.service import understand_service
from quantumlayer.agents.builtin.understanding.tool import speaks_of_a_tool, understand_tool
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements

# "Work logs: employee, date and hours" lists the fields of records.
_NAMED_FIELDS = re.compile(r"[\w' -]{1,40}:\s*[\w' -]+,")

__all__ = ["NotUnderstood", "Prompt", "read_prompt", "understand"]


def understand(prompt: str, language: Language | None = None) -> Requirements:
    """The requirements of the application that a prompt describes.

    A language passed in wins over one that the prompt names; Python is assumed otherwise. The same
    prompt always gives the same requirements. Raises NotUnderstood, with a message for the person
    who wrote the prompt, when nothing essential of it is understood.
    """
    read = read_prompt(prompt, language)
    plain = " ".join(without_story(sentence.text) for sentence in read.sentences)
    kind = kind_of(plain)
    if kind is not ApplicationKind.SERVICE and describes_records(read.plain, kind):
        kind = ApplicationKind.SERVICE
    elif kind is ApplicationKind.COMMAND_LINE_TOOL or _is_bare_tool(kind, read):
        return understand_tool(read)
    if kind is ApplicationKind.LIBRARY:
        return _library_or_collection(read)
    if not names_a_service(read.plain):
        with suppress(NotUnderstood):
            return _bare_block(read)
    try:
        return understand_service(read)
    except NotUnderstood:
        # Records that were not understood make no tool: that would be something else.
        if not describes_records(read.plain, ApplicationKind.COMMAND_LINE_TOOL):
            with suppress(NotUnderstood):
                return understand_tool(read)
        raise


def _is_bare_tool(kind: ApplicationKind, read: Prompt) -> bool:
    """Whether a prompt that names no kind describes work on files: "find duplicate lines"."""
    return (
        kind is ApplicationKind.SERVICE
        and speaks_of_a_tool(read.plain)
        and not any(_NAMED_FIELDS.match(sentence.text) for sentence in read.sentences)
        and not any(sentence.text != without_story(sentence.text) for sentence in read.sentences)
    )


# A song library keeps songs: what it is "with" are things, where a library of code says "for".
_COLLECTION = re.compile(r"(?i)\blibrary\s*(?:with|of|:)\s")
# Names that speak of nothing but code, so that they need no word such as "library" beside them.
_CODE_ALONE = frozenset(
    {"lru_cache", "priority_queue", "ring_buffer", "trie", "union_find", "ordered_set"}
    | {"bidirectional_map", "token_bucket", "retry", "event_emitter", "state_machine"}
    | {"duration_text", "stack", "queue", "linked_list", "deque"}
)


def _library_or_collection(read: Prompt) -> Requirements:
    try:
        return understand_library(read)
    except NotUnderstood:
        if not _COLLECTION.search(read.plain):
            raise
        return understand_service(read)


def _bare_block(read: Prompt) -> Requirements:
    """A building block asked for by its name alone: "a ring buffer of the last 50 values"."""
    library = understand_library(read)
    blocks = library.library.blocks if library.library else ()
    several = len(blocks) > 1
    if (library.not_understood and not several) or not {
        getattr(block, "id", "") for block in blocks
    } <= _CODE_ALONE:
        raise NotUnderstood("This is more than a building block.")
    return library
