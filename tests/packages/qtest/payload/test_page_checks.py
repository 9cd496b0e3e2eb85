"""What of accessibility breaks a page that nobody has promised."""

import pytest

from quantumlayer.qtest.payload.page_checks import keeps_out


@pytest.mark.parametrize(
    ("impact", "ratio", "expected"),
    [
        ("critical", 21, True),
        ("serious", 1.9, True),
        ("serious", 3.0, False),
        ("serious", 21, False),
    ],
    ids=["a field without a name", "grey on white", "a little pale", "a page without a language"],
)
def test_what_cannot_be_used_or_read_keeps_people_out(
    impact: str, ratio: float, *, expected: bool
) -> None:
    assert keeps_out({"impact": impact, "ratio": ratio}) is expected
