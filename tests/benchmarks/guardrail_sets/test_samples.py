"""The samples of public sets: small, named with their licence, and as the benchmark reads them."""

from pathlib import Path

import pytest

from benchmarks.figures import Figure
from benchmarks.guardrail_sets import public_sets
from benchmarks.guardrail_sets.page import BEGIN, END, written

FOLDER = Path(__file__).parents[3] / "benchmarks/guardrail_sets"
LABELS = {"bad", "good", "hate", "offensive", "neither"}


def test_each_file_is_in_the_catalogue_and_in_the_notice() -> None:
    notice = (FOLDER / "NOTICE.md").read_text()
    files = {path.stem for path in FOLDER.glob("*.jsonl")}

    assert files == set(public_sets())
    for name in files:
        assert f"`{name}.jsonl`" in notice


def test_together_they_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 300_000


@pytest.mark.parametrize("name", sorted(public_sets()))
def test_a_sample_has_texts_with_labels_and_no_more_rows_than_its_source(name: str) -> None:
    given = public_sets()[name]

    assert given.distribution in {"in", "out"}
    assert given.licence
    assert 0 < len(given.rows) <= given.whole
    assert all(row["text"].strip() and row["label"] in LABELS for row in given.rows)
    assert len({row["text"] for row in given.rows}) == len(given.rows)


def test_the_tables_of_the_page_are_renewed_between_their_marks() -> None:
    figures = [[Figure("Found", 12.5, "%")], [Figure("Alarms", 0.2, "%", 0.1)], []]

    page = written(f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n", figures, {})

    assert page.startswith("Before.\n")
    assert page.endswith(f"{END}\nAfter.\n")
    assert "| Found | 12.50 % |  |" in page
    assert "| Alarms | 0.20 % | ≤ 0.1, missed |" in page
    assert "old" not in page
    with pytest.raises(ValueError, match="lost the marks"):
        written("no marks", figures, {})
