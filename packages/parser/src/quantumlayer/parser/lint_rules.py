"""Which rules are asked for, and how much each finding matters: data."""

from quantumlayer.parser.model import Severity

SELECTED = (
    *("A", "ARG", "ASYNC", "B", "BLE", "C4", "C90", "DTZ", "E", "F", "FLY", "FURB", "G", "I"),
    *("ICN", "INT", "ISC", "LOG", "N", "PERF", "PGH", "PIE", "PL", "PYI", "Q", "RET", "RSE"),
    *("RUF", "S", "SIM", "SLF", "SLOT", "T10", "TID", "TRY", "UP", "W", "YTT"),
)

KNOWN_BETTER = (
    *("S102", "S103", "S104", "S105", "S106", "S107", "S108", "S113", "S201", "S202", "S301"),
    *("S302", "S303", "S304", "S305", "S306", "S307", "S308", "S311", "S312", "S313", "S314"),
    *("S315", "S316", "S317", "S318", "S319", "S320", "S321", "S323", "S324", "S501", "S502"),
    *("S503", "S504", "S505", "S506", "S507", "S602", "S604", "S605", "S608", "S609", "S610"),
    *("S611", "S701", "S702", "S704"),
)
"""What a rule of ours says better, as it follows values: of ruff's rules every `known_as`.

Named here as well, because who lints a file need not read all our rules; a test compares the two.
"""

IGNORED = (
    "ISC001",  # speaks of formatting
    "PLR2004",  # a bare number beside its name reads better than a constant used once
    "TRY003",  # messages are whole sentences for people
    "RUF100",  # suppressions for linters with other settings
    "B008",  # FastAPI's way to declare dependencies
    "RUF012",  # needs types that the linter does not know
    "E902",  # what cannot be read is told by who reads it
    # Weaknesses that these see in every import, call or address of a kind.
    *("S310", "S4", "S601", "S603", "S606", "S607"),
    *KNOWN_BETTER,
)
"""What ruff is not asked."""

IN_TESTS = ("S101", "ARG", "PLR", "SLF", "C90")
"""What tests may do: assert, pass known secrets, reach inside."""

_HIGH = (
    # The program does not start, or cannot mean what it says.
    *("invalid-syntax", "E9", "F5", "F601", "F621", "F622", "F63", "F70", "F72", "F821", "F822"),
    *("F823", "F811", "B012", "B017", "PLE", "T10"),
)
UNDEFINED_NAME = "F821"
_OF_PYTHON_2 = frozenset({
    "apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file", "intern", "long",
    "raw_input", "reduce", "reload", "unichr", "unicode", "xrange",
})  # fmt: skip
# Of taste, whatever family they are in.
_LOW = frozenset({"F541"})
_MEDIUM = (
    # Arguments that a text has no place for: it says what it should without them.
    *("F504", "F522", "F523"),
    *("F4", "F5", "F6", "F7", "F8", "F9", "S", "B", "ASYNC", "BLE", "DTZ", "PLW", "LOG", "PGH"),
    *("TRY002", "C90", "RUF006"),
)


def severity(rule: str, message: str = "") -> Severity:
    """How much a finding of `rule` matters; the longest prefix known decides.

    A name that Python 2 had is missing from what runs with that alone.
    """
    if rule == UNDEFINED_NAME and not _OF_PYTHON_2.isdisjoint(message.split("`")):
        return Severity.MEDIUM
    if rule in _LOW:
        return Severity.LOW
    high = max((len(prefix) for prefix in _HIGH if rule.startswith(prefix)), default=0)
    medium = max((len(prefix) for prefix in _MEDIUM if rule.startswith(prefix)), default=0)
    if high and high >= medium:
        return Severity.HIGH
    return Severity.MEDIUM if medium else Severity.LOW
