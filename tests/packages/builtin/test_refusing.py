"""A description that is not understood wholly: refused, or built without a part on request."""

import pytest

from quantumlayer.builtin.refusing import answered
from quantumlayer.qlayer.requirements import Unclear
from tests.support import sample_project as sample

UNCLEAR = Unclear(text="as pretty as a sunrise", reason="Nothing here is pretty.")


@pytest.mark.parametrize("accept_partial", [True, False])
def test_what_is_understood_wholly_is_built(accept_partial: bool) -> None:
    answer = answered(sample.requirements(), (), accept_partial=accept_partial)
    assert answer.requirements is not None
    assert answer.requirements.not_understood == ()


def test_what_is_not_is_refused_with_its_words_and_every_way_on() -> None:
    answer = answered(sample.requirements(), (UNCLEAR,), accept_partial=False)
    assert answer.requirements is None
    assert answer.not_understood == (UNCLEAR,)
    said = answer.refusal or ""
    assert all(way in said for way in ("in other words", "--accept-partial", "QL_MODEL"))


def test_with_a_part_accepted_the_rest_is_built_and_names_what_it_lacks() -> None:
    answer = answered(sample.requirements(), (UNCLEAR,), accept_partial=True)
    assert answer.requirements is not None
    assert answer.requirements.not_understood == (UNCLEAR,)


@pytest.mark.parametrize("accept_partial", [True, False])
def test_where_nothing_is_left_there_is_no_part_to_accept(accept_partial: bool) -> None:
    answer = answered(None, (UNCLEAR,), accept_partial=accept_partial)
    assert answer.requirements is None
    assert "--accept-partial" not in (answer.refusal or "")
