"""What a rule is: data with an identity, places to look at, conditions, and examples."""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from quantumlayer.parser.model import Severity


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Sink(StrEnum):
    """Where a value ends: what makes it harmless depends on that."""

    ANY = "any"
    SQL = "sql"
    SHELL = "shell"
    HTML = "html"
    PATH = "path"
    ADDRESS = "address"
    CODE = "code"


class State(StrEnum):
    """What is known of a value, after constants and variables of the function are followed.

    `constant`: every part is known; `dynamic`: some part is not; `built`: put together from text
    and parts that are not known; `request`: some part comes from a request as it came; `missing`:
    the argument is not given.
    """

    CONSTANT = "constant"
    DYNAMIC = "dynamic"
    BUILT = "built"
    REQUEST = "request"
    MISSING = "missing"


class Condition(_Data):
    """One thing that must hold of a place; every field that is given must.

    The subject is the node of `capture`, or an argument of the call by position (`argument = 0`)
    or by name (`argument = "verify"`; in JavaScript also a key of an object that is passed, a path
    such as `cookie.secure` within it); the first of several that is given; `receiver`: what a
    method is called on; `each_argument`: one of all arguments is enough. Without any of these the
    subject is the whole match.

    - `callee`: globs of the called name, imports resolved (`hashlib.md5`, `*.execute`);
    - `state`: one of these states; `matches`: a pattern found in the constant text of the value,
      where parts that are not known read `…`; `text`: a pattern found in the source of the subject;
      `type`: types of node; `below`: a number under this;
    - `derives`: globs of classes, one of which the subject names or derives from (Python);
    - `context`: a pattern found in the names around: the variable or key that the place is
      assigned to and the enclosing functions;
    - `function_has`: a pattern found in the text of the enclosing function or file;
      `file_has`: words, one of which the file contains; `path`: a pattern found in the file's path;
    - `always`: nothing in its function decides whether the place is reached;
    - `beside`: a pattern found in the text of what the subject is a part of;
    - `any`: one of several conditions; `none`: not one of them.
    """

    capture: str | None = None
    argument: tuple[int | str, ...] = ()
    receiver: bool = False
    each_argument: bool = False
    callee: tuple[str, ...] = ()
    state: tuple[State, ...] = ()
    matches: str | None = None
    text: str | None = None
    type: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    below: float | None = None
    context: str | None = None
    function_has: str | None = None
    file_has: tuple[str, ...] = ()
    path: str | None = None
    always: bool = False
    beside: str | None = None
    any: tuple["Condition", ...] = ()
    none: tuple["Condition", ...] = ()


class FixTemplate(_Data):
    """A mechanical repair: replace the node of `capture` or `argument` by `replacement`."""

    description: str
    replacement: str
    capture: str | None = None
    argument: tuple[int | str, ...] = ()
    safe: bool = False


class Match(_Data):
    """Where to look: in `languages`, at a word of `anchors`, for the shape `query`.

    `query` names a shape of the language (`call`, `assign`, …) or is a tree-sitter query with a
    capture `@match`. It is tried only around the words of `anchors` (and around identifiers that
    contain one of `stems`, in any case), which keeps files without them free of cost. `near` is a
    pattern that must be found in the bytes around the word, before anything else is looked at.
    `follows` is one that must fit right behind the word, which is quicker.
    `reach`: so many bytes after the word the shape may still begin.
    `proof` is what must hold as well for a finding of high severity; without it the finding is one
    of medium severity. Where a match gives none, that of its rule counts.
    Languages of configuration need no anchors: their files are small.
    """

    languages: tuple[str, ...] = Field(min_length=1)
    query: str
    anchors: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    near: str | None = None
    follows: str | None = None
    reach: int = 0
    in_strings: bool = False
    sink: Sink = Sink.ANY
    where: tuple[Condition, ...] = ()
    proof: tuple[Condition, ...] = ()
    message: str = ""
    fix: FixTemplate | None = None


class Example(_Data):
    """Code that must be found (`bad`) and code that must not (`good`), in one language."""

    language: str
    bad: str
    good: str
    path: str = ""
    fixed: str | None = None


class Rule(_Data):
    """One rule. `known_as`: rules of other tools that say the same of the same line.

    `in_tests`: whether it looks into tests, too, which endanger nobody who runs the program.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")
    family: str = ""
    title: str
    severity: Severity
    cwe: int = Field(ge=1)
    help: str
    in_tests: bool = False
    known_as: tuple[str, ...] = ()
    proof: tuple[Condition, ...] = ()
    match: tuple[Match, ...] = Field(min_length=1)
    example: tuple[Example, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _anchored(self) -> Self:
        for match in self.match:
            if not match.anchors and not match.stems and not _SMALL.issuperset(match.languages):
                raise ValueError(f"{self.id}: a match in {match.languages} needs anchors")
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the rule looks at, sorted."""
        return tuple(sorted({name for match in self.match for name in match.languages}))


_SMALL = frozenset({"dockerfile", "yaml", "html"})
