"""What a report of pytest says, in a size that can be passed on."""

import pytest

MESSAGE_CHARACTERS = 2_000
DETAIL_CHARACTERS = 12_000
SECTION_CHARACTERS = 2_000


def evidence(report: pytest.CollectReport | pytest.TestReport) -> dict[str, object]:
    """What a person needs to understand a report: a message, a traceback, a place, the output."""
    longrepr = report.longrepr
    if isinstance(longrepr, tuple):  # a skip: path, line, reason
        path, line, reason = longrepr
        return {"message": str(reason)[:MESSAGE_CHARACTERS], "path": str(path), "line": line}
    crash = getattr(longrepr, "reprcrash", None)
    details = report.longreprtext[-DETAIL_CHARACTERS:]
    for title, content in getattr(report, "sections", ()):
        details += f"\n--- {title} ---\n{content[-SECTION_CHARACTERS:]}"
    found: dict[str, object] = {"message": details[-MESSAGE_CHARACTERS:], "details": details}
    if crash is not None:
        found |= {"message": crash.message[:MESSAGE_CHARACTERS], "path": crash.path}
        found["line"] = crash.lineno
    return found
