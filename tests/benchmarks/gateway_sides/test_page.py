"""The benchmark's tables take the place of the earlier ones, and of nothing else."""

import pytest

from benchmarks.figures import Figure
from benchmarks.gateway_sides.page import BEGIN, END, Table, shown, written

PAGE = f"# The gateway\n\n{BEGIN}\nearlier\n{END}\n\n## More\n"


def table() -> Table:
    made = Table("Milliseconds", "CPU")
    made.put("0.2 KB", "bare", 0.5)
    made.put("0.2 KB", "full", 1234.5)
    made.put("Redis's own", "full", 0.25)
    return made


def test_new_tables_and_aims_stand_between_the_marks() -> None:
    aims = [
        Figure("full: CPU time", 0.7, "ms", 0.5),
        Figure("full: rate", 2000, "a second", 1000, at_most=False),
    ]
    page = written(PAGE, [table()], aims)
    assert page.startswith("# The gateway\n")
    assert page.endswith(f"{END}\n\n## More\n")
    assert "earlier" not in page
    assert "| 0.2 KB | 0.50 | 1,234.50 |" in page
    assert "| Redis's own |  | 0.25 |" in page
    assert "| full: CPU time | 0.70 ms | ≤ 0.5 | missed |" in page
    assert "| full: rate | 2,000.00 a second | ≥ 1,000 | met |" in page


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="lost the marks"):
        written("# The gateway\n", [table()], [])


def test_on_the_screen_columns_stand_under_their_sides() -> None:
    title, head, first, second = shown(table()).rstrip("\n").split("\n")
    assert title == "Milliseconds"
    assert head.endswith("full")
    assert first.endswith("1,234.50")
    assert second.endswith("0.25")
