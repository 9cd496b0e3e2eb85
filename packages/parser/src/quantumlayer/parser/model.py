"""What the parser says about files: syntax, symbols, findings."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.parser.decoding import as_utf8
from quantumlayer.parser.module_use import ModuleUse


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class SourceText(_Value):
    """One file to look at: `path` is relative with forward slashes, `content` as stored.

    `language`, a name of `LANGUAGES`, overrules what the name and the content tell. `encoding` is
    what the project declares for its sources (a build file's, an editor's settings); what a file
    declares in itself comes first.
    """

    path: str = Field(min_length=1)
    content: bytes | str
    language: str | None = None
    encoding: str | None = None

    @property
    def data(self) -> bytes:
        """The content as bytes; text that UTF-8 cannot carry keeps its place as `?`."""
        if isinstance(self.content, bytes):
            return self.content
        return self.content.encode("utf-8", errors="replace")

    @property
    def utf8(self) -> bytes:
        """The content in UTF-8, whatever it was written in."""
        return as_utf8(self.data, self.encoding)


class SyntaxTier(StrEnum):
    """Who decided whether a file is well formed.

    A language's own parser (`python`, `node`, `json`, `toml`, `yaml`) overrules `tree-sitter`,
    which accepts more than each language does. `sqlite` overrules the grammar of SQL where that
    refuses. `none`: no language was recognised. `stopped`: the check ran into its limits and was
    killed. The others are programs that a parser alone does not start: `check` and the command
    `parse` ask them in the sandbox, and they overrule the grammar too.
    """

    NONE = "none"
    TREE_SITTER = "tree-sitter"
    PYTHON = "python"
    NODE = "node"
    JSON = "json"
    TOML = "toml"
    YAML = "yaml"
    SQLITE = "sqlite"
    TSC = "tsc"
    GOFMT = "gofmt"
    JAVAC = "javac"
    RUSTC = "rustc"
    GCC = "gcc"
    GXX = "g++"
    BASH = "bash"
    PHP = "php"
    RUBY = "ruby"
    LUAC = "luac"
    STOPPED = "stopped"


class SyntaxProblem(_Value):
    """One place that is not well formed; `line` and `column` count from 1.

    `excerpt` shows the line and points at the column, as a good compiler does.
    """

    line: int = Field(ge=1)
    column: int = Field(ge=1)
    message: str
    excerpt: str = ""


class SyntaxReport(_Value):
    """Well formed when `errors` is empty; `tier` says who decided.

    `doubts` are problems that need not be any: of a sample, a template or a dialect, or by a
    grammar that knows less than its language. `certainty` decides which is which.
    """

    tier: SyntaxTier
    errors: tuple[SyntaxProblem, ...] = ()
    doubts: tuple[SyntaxProblem, ...] = ()

    @property
    def problems(self) -> tuple[SyntaxProblem, ...]:
        """Errors and doubts."""
        return (*self.errors, *self.doubts)

    @property
    def mendable(self) -> tuple[SyntaxProblem, ...]:
        """What whoever wrote it can do something about: not that nobody could tell in time."""
        return () if self.tier is SyntaxTier.STOPPED else self.problems


class SymbolKind(StrEnum):
    """What a name stands for."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS = "class"
    INTERFACE = "interface"
    STRUCT = "struct"
    TRAIT = "trait"
    TYPE = "type"
    ENUM = "enum"
    MODULE = "module"
    CONSTANT = "constant"
    SECTION = "section"
    TARGET = "target"
    TABLE = "table"


class FunctionMetrics(_Value):
    """How hard one function is to test (`cyclomatic`) and to read (`cognitive`, `nesting`).

    What a named function inside it does is counted there; an anonymous one counts here.
    """

    cyclomatic: int = Field(ge=1)
    cognitive: int = Field(ge=0)
    nesting: int = Field(ge=0)


class Symbol(_Value):
    """A named thing that a file defines, on lines `line` to `end_line` (inclusive, from 1).

    `documentation` is the beginning of its docstring or of the comment above it, without the
    comment's marks. `metrics` is there for functions and methods of languages with complexity.
    """

    kind: SymbolKind
    name: str
    line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    parameters: tuple[str, ...] = ()
    documentation: str = ""
    metrics: FunctionMetrics | None = None


class Import(_Value):
    """A module, package or file that is brought in, named as the source names it."""

    module: str
    line: int = Field(ge=1)


class Usage(_Value):
    """A name that a file calls or refers to, `count` times, first on `line`."""

    name: str
    line: int = Field(ge=1)
    count: int = Field(ge=1)


class FileMetrics(_Value):
    """The measures of a file.

    `lines_of_code` hold something other than spaces and comments; `comment_lines` hold comments
    only. `cyclomatic_complexity` is the number of decisions, and one for each function (at least
    one); both complexities are 0 in a language without decisions. `duplicated_lines` are lines of
    code in runs of six or more that stand in the file more than once. `quality` runs from 0 to
    100: see `metrics.quality`.
    """

    lines_of_code: int = Field(ge=0)
    comment_lines: int = Field(ge=0)
    cyclomatic_complexity: int = Field(ge=0)
    cognitive_complexity: int = Field(ge=0)
    max_nesting: int = Field(ge=0)
    duplicated_lines: int = Field(ge=0)
    quality: int = Field(ge=0, le=100)


class Severity(StrEnum):
    """How much a finding matters: `high` breaks or endangers, `low` is a matter of taste."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Edit(_Value):
    """Replace the text from (line, column) up to (end_line, end_column), all from 1."""

    line: int = Field(ge=1)
    column: int = Field(ge=1)
    end_line: int = Field(ge=1)
    end_column: int = Field(ge=1)
    text: str


class Fix(_Value):
    """A mechanical repair; `safe` when it cannot change what the program does."""

    description: str
    safe: bool
    edits: tuple[Edit, ...]


class Finding(_Value):
    """What a linter or scanner says of one place.

    `cwe` is the number in the Common Weakness Enumeration, where the rule has one; `help` says
    what to do instead.
    """

    rule: str
    severity: Severity
    path: str
    line: int = Field(ge=1)
    column: int = Field(ge=1)
    message: str
    fix: Fix | None = None
    tool: str
    cwe: int | None = None
    help: str = ""


class FileAnalysis(_Value):
    """Everything known of one file; `language` is a name of `LANGUAGES`, or None.

    `metrics` is None where no tree could be had: an unknown language, or a check that was stopped.
    """

    path: str
    language: str | None
    syntax: SyntaxReport
    symbols: tuple[Symbol, ...] = ()
    imports: tuple[Import, ...] = ()
    calls: tuple[Usage, ...] = ()
    references: tuple[Usage, ...] = ()
    metrics: FileMetrics | None = None
    findings: tuple[Finding, ...] = ()
    module_uses: tuple[ModuleUse, ...] = ()
