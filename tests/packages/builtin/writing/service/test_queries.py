"""What may be asked of a list, and what answers it."""

from datetime import date

from quantumlayer.builtin.writing.service.model import service_view
from quantumlayer.builtin.writing.service.queries import query_values, questions
from quantumlayer.builtin.writing.service.values import Record
from tests.support.service_domains import library

LOAN = service_view(library()).entity("Loan")
BOOK = service_view(library()).entity("Book")


def test_every_member_can_be_asked_for_and_days_have_ranges() -> None:
    assert list(questions(LOAN)) == [
        *("book_id", "member_id", "loaned_on", "due_date", "returned_on"),
        *("loaned_on_from", "loaned_on_to", "due_date_from", "due_date_to"),
        *("returned_on_from", "returned_on_to"),
    ]


def test_a_range_holds_its_ends_and_nothing_that_is_not_set() -> None:
    asked = questions(LOAN)["returned_on_to"]
    days = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3), None)
    found = [asked.answers({"returned_on": day}, date(2026, 3, 2)) for day in days]
    assert found == [True, True, False, False]


def test_texts_are_searched_without_regard_to_case() -> None:
    book: Record = {"title": "The Dispossessed", "author": None, "isbn": "9780060125639"}
    found = [questions(BOOK)["q"].answers(book, wanted) for wanted in ("DISPO", "le guin")]
    assert found == [True, False]


def test_a_record_answers_the_questions_about_its_value() -> None:
    told = dict(query_values(BOOK, BOOK.field("title"), "Kindred"))
    assert told == {"title": "Kindred", "q": "KINDRED"}
