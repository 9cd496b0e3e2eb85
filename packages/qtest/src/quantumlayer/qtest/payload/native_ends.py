"""What the end of a program proves that Make, ctest or a script has run.

A program answers for itself with the return of its `main`. Where a command compares what it
prints, or expects it to fail, the command answers for it: so the words that started it are read,
a line of a Makefile or a script. What compares (diff, cmp) is heard itself. Where a program failed
and nothing shows that this was wanted or that it would have been noticed, it has failed.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qtest.payload.witness import Caller, Testimony

LARGEST_SCRIPT = 1 << 20
SHELLS = re.compile(r"(?:^|/)(?:ba|da|k|z)?sh$")
INTERPRETERS = re.compile(r"(?:^|/)(?:python[\d.]*|perl|ruby|lua|awk|tclsh|prove)$")
OPTION = re.compile(r"[-+][A-Za-z]+")
COMPARERS = frozenset({"/usr/bin/diff", "/usr/bin/cmp"})
# Something looks at what a program prints or makes.
LOOKS_AT_OUTPUT = re.compile(
    r"(?<![\w/.-])(?:diff|cmp|comm|grep|egrep|fgrep|FileCheck|awk|python[\d.]*|perl|ruby|bash|sh)\s"
    r"|(?:\[|\btest\b|\bcase\b)[^\n;]*[$`]"
)
# Something looks at its status, as who wants it to fail does.
LOOKS_AT_STATUS = re.compile(r"(?<![\w$&|])!\s|\$\?|\b(?:if|case|while|until)\b")
WANTS_DIFFERENCE = re.compile(
    r"(?:^|[;&|{(]|\bthen|\bdo)\s*!\s*(?:\S*/)?(?:diff|cmp)\b", re.MULTILINE
)
# What fails is forgotten; and what a script must have to be able to fail.
FORGETS = re.compile(r"\|\|\s*(?:true|:|echo\b|printf\b|exit\s+0\b)")
CAN_FAIL = re.compile(
    r"\bset\s+-\w*e|\bexit\s+(?!0\b)\S|\breturn\s+(?!0\b)\S|\bfalse\b|^#!.*sh\s+-\w*e", re.MULTILINE
)
ENDS_WELL = re.compile(
    r"(?:^|[;\n])\s*(?:exit\s+0|(?:echo|printf|rm|true)\b[^\n;]*|:|done\b[^\n]*|fi|esac|\})\s*;?\s*\Z"
)
TEST_NAME = re.compile(
    r"(?:^|/)tests?/|(?:^|[/_-])(?:tests?|check|spec)(?:[-_.]|$)|[a-z](?:Tests?|Spec)$"
)
SOURCES = (".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".inc", ".s", ".S")
SKIPPED = 77
SAYS_SKIPPED = re.compile(r"\b77\b|test-driver")


@dataclass(frozen=True)
class Context:
    """A command line or a script that a program was started from, and what reads it."""

    text: str
    is_line: bool
    is_shell: bool

    @property
    def can_fail(self) -> bool:
        """Whether anything that goes wrong in it shows in its status."""
        if self.is_line:
            return FORGETS.search(self.text) is None
        shows = CAN_FAIL.search(self.text) or not ENDS_WELL.search(self.text)
        return not self.is_shell or bool(shows)

    @property
    def compares(self) -> bool:
        """Whether it looks at what programs print."""
        return not self.is_shell or LOOKS_AT_OUTPUT.search(self.text) is not None


def contexts(testimony: Testimony) -> list[Context]:
    """What a program was started from, the nearest first; none when its status goes to Make."""
    return [context for caller in testimony.start.callers for context in context_of(caller)]


def context_of(caller: Caller) -> Iterator[Context]:
    program, words = (caller.words or ("",))[0], list(caller.words[1:])
    if INTERPRETERS.search(program):
        yield Context(" ".join(words), is_line=False, is_shell=False)
    elif SHELLS.search(program):
        while words and OPTION.fullmatch(words[0]):
            if "c" in words[0]:
                yield Context(" ".join(words[1:2]), is_line=True, is_shell=True)
                return
            words.pop(0)
        if words:
            text = script_at(os.path.join(caller.folder, words[0]))  # noqa: PTH118 - a path of the sandbox, as text
            yield Context(text, is_line=False, is_shell=True)


def script_at(path: str) -> str:
    """The text of a script; its comments are blanked, but not its first line."""
    try:
        if not Path(path).is_file():
            return ""
        with Path(path).open("rb") as stream:
            text = stream.read(LARGEST_SCRIPT).decode(errors="replace")
    except OSError:
        return ""
    return re.sub(r"(?m)(?:^|(?<=\s))#(?!!).*$", "", text)


def is_test(program: str) -> bool:
    """Whether a program's name says that it is a test."""
    return TEST_NAME.search(program) is not None


def makes_sources(testimony: Testimony) -> bool:
    """Whether it writes or reads sources, as programs do that are parts of a build."""
    named = (*testimony.start.words, testimony.start.prints_to)
    return not is_test(testimony.program) and any(word.endswith(SOURCES) for word in named)


def is_compared(testimony: Testimony, heard: Sequence[Testimony]) -> bool:
    """Whether what started it looks at its output, and would fail, so that its end says little.

    `heard`: all that ran under the same target or test.
    """
    around = contexts(testimony)
    seen = testimony.start.captured or bool(testimony.start.words)
    if is_test(testimony.program) or not seen or not all(each.can_fail for each in around):
        return False
    looking = [context for context in around if context.compares]
    returned = testimony.lines[-1] if testimony.lines else ""
    if not looking or returned in ("", "returned 0"):
        return bool(looking)
    return (
        bool(testimony.start.words)
        or any(context.is_line or not context.is_shell for context in looking)
        or any(each.program in COMPARERS for each in heard)
    )


def is_skip(testimony: Testimony) -> bool:
    """Whether it ended with the status of a skipped test, under something that knows it."""
    known = any(SAYS_SKIPPED.search(context.text) for context in contexts(testimony))
    return testimony.genuine and testimony.lines == [f"returned {SKIPPED}"] and known


def may_fail(testimony: Testimony) -> bool:
    """Whether it was called so that its failing is an outcome: with words, and its status read."""
    around = contexts(testimony)
    return bool(testimony.start.words) and bool(around and LOOKS_AT_STATUS.search(around[0].text))


def problem_of_end(testimony: Testimony) -> str:
    """Why a program that answers for itself has not passed, or nothing."""
    if not testimony.genuine:
        return "Something other than the guard spoke for it: its result proves nothing."
    if testimony.lines == ["returned 0"]:
        return ""
    if not testimony.lines:
        return "It ended with exit status 0 before its main function had returned."
    return f"Its main function returned {testimony.lines[-1].removeprefix('returned ')}."


def differences(heard: Sequence[Testimony]) -> list[Testimony]:
    """The comparisons that found a difference where none was wanted."""
    return [
        testimony
        for testimony in heard
        if testimony.program in COMPARERS
        and testimony.lines not in (["returned 0"], [])
        and not any(WANTS_DIFFERENCE.search(context.text) for context in contexts(testimony)[:1])
    ]


def was_looked_at(testimony: Testimony) -> bool:
    """Whether something read the status of a comparison, and would fail for it."""
    around = contexts(testimony)
    return (
        bool(around)
        and bool(LOOKS_AT_STATUS.search(around[0].text))
        and all(context.can_fail for context in around)
    )
