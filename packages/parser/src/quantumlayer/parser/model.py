"""What the parser says about files: syntax, symbols, findings."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.parser.module_use import ModuleUse


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceText(_Value):
    """One file to look at: `path` is relative with forward slashes, `content` as stored."""

    path: str = Field(min_length=1)
    content: bytes | str

    @property
    def data(self) -> bytes:
        """The content as bytes; text that UTF-8 cannot carry keeps its place as `?`."""
        if isinstance(self.content, bytes):
            return self.content
        return self.content.encode("utf-8", errors="replace")


class SyntaxTier(StrEnum):
    """Who decided whether a file is well formed.

    A language's own parser (`python`, `node`, `json`, `toml`, `yaml`) overrules `tree-sitter`,
    which accepts more than each language does. `none`: no language was recognised. `stopped`: the
    check ran into its limits and was killed.
    """

    NONE = "none"
    TREE_SITTER = "tree-sitter"
    PYTHON = "python"
    NODE = "node"
    JSON = "json"
    TOML = "toml"
    YAML = "yaml"
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
    """Well formed when `errors` is empty; `tier` says who decided."""

    tier: SyntaxTier
    errors: tuple[SyntaxProblem, ...] = ()


class SymbolKind(StrEnum):
    """What a name stands for."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS = "class"
    INTERFACE = "interface"
    TYPE = "type"
    ENUM = "enum"


class Symbol(_Value):
    """A named thing that a file defines, on lines `line` to `end_line` (inclusive, from 1)."""

    kind: SymbolKind
    name: str
    line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    parameters: tuple[str, ...] = ()


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
    """Everything known of one file; `language` is a name of `LANGUAGES`, or None."""

    path: str
    language: str | None
    syntax: SyntaxReport
    symbols: tuple[Symbol, ...] = ()
    findings: tuple[Finding, ...] = ()
    module_uses: tuple[ModuleUse, ...] = ()
