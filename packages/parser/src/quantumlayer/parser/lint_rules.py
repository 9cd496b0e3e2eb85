"""Which rules are asked for, and how much each finding matters: data."""

from quantumlayer.parser.model import Severity

SELECTED = (
    *("A", "ARG", "ASYNC", "B", "BLE", "C4", "C90", "DTZ", "E", "F", "FLY", "FURB", "G", "I"),
    *("ICN", "INT", "ISC", "LOG", "N", "PERF", "PGH", "PIE", "PL", "PYI", "Q", "RET", "RSE"),
    *("RUF", "S", "SIM", "SLF", "SLOT", "T10", "TID", "TRY", "UP", "W", "YTT"),
)

IGNORED = (
    "ISC001",  # speaks of formatting
    "PLR2004",  # a bare number beside its name reads better than a constant used once
    "TRY003",  # messages are whole sentences for people
    "RUF100",  # suppressions for linters with other settings
    "B008",  # FastAPI's way to declare dependencies
    "RUF012",  # needs types that the linter does not know
)

IN_TESTS = ("S101", "S105", "S106", "S107", "S113", "S603", "S607", "ARG", "PLR", "SLF", "C90")
"""What tests may do: assert, pass known secrets, reach inside."""

_HIGH = (
    # The program does not start, or cannot mean what it says.
    *("invalid-syntax", "E9", "F5", "F601", "F621", "F622", "F63", "F70", "F72", "F821", "F822"),
    *("F823", "F811", "B012", "B017", "PLE", "T10"),
    # Injection, code from data, secrets and switched-off checks.
    *("S102", "S105", "S106", "S107", "S2", "S301", "S302", "S306", "S307", "S312", "S321"),
    *("S323", "S324", "S50", "S602", "S604", "S605", "S608", "S609", "S610", "S611", "S7"),
)
_MEDIUM = (
    *("F4", "F5", "F6", "F7", "F8", "F9", "S", "B", "ASYNC", "BLE", "DTZ", "PLW", "LOG", "PGH"),
    *("TRY002", "C90", "RUF006"),
)


def severity(rule: str) -> Severity:
    """How much a finding of `rule` matters; the longest prefix known decides."""
    high = max((len(prefix) for prefix in _HIGH if rule.startswith(prefix)), default=0)
    medium = max((len(prefix) for prefix in _MEDIUM if rule.startswith(prefix)), default=0)
    if high and high >= medium:
        return Severity.HIGH
    return Severity.MEDIUM if medium else Severity.LOW
