"""The analyst on what exists: what stays keeps its id, what is new goes on counting."""

import pytest

from quantumlayer.agents import Existing, PromptRefused
from quantumlayer.agents.changing import ChangeAnswer, Wanted, changed_by, problems_with
from quantumlayer.qlayer import SourceTree
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
)
from quantumlayer.qlayer.revision.base import Base

RULE = RequirementCategory.RULE


def before(*ids: str, retired: tuple[str, ...] = ()) -> Requirements:
    return Requirements(
        name="one",
        title="One",
        summary="",
        kind=ApplicationKind.LIBRARY,
        language=Language.PYTHON,
        items=tuple(
            Requirement(id=name, category=RULE, statement=f"{name} holds.") for name in ids
        ),
        assumptions=("Numbers are whole.",),
        retired=retired,
    )


def existing(requirements: Requirements | None, named: frozenset[str] = frozenset()) -> Existing:
    base = Base(
        name="one",
        title="One",
        kind=ApplicationKind.LIBRARY,
        language=Language.PYTHON,
        tree=SourceTree(),
        requirements=requirements,
    )
    return Existing(base=base, named=named)


def wanted(statement: str, name: str = "") -> Wanted:
    return Wanted(id=name, category=RULE, statement=statement)


def test_ids_are_given_by_code_and_never_twice() -> None:
    answer = ChangeAnswer(
        # What a model says of the id of something new is not heeded.
        added=(wanted("New.", "R1"),),
        changed=(wanted("R2 holds differently.", "R2"), wanted("R1 holds.", "R1")),
        removed=("R3",),
        assumptions=("It is quick.",),
        overruled=("A1",),
    )

    after, change = changed_by(answer, existing(before("R1", "R2", "R3", retired=("R7",))))

    assert [one.id for one in after.items] == ["R1", "R2", "R8"]
    assert after.items[1].statement == "R2 holds differently."
    assert [one.id for one in change.kept] == ["R1"], "what is said again is not changed"
    assert change.touched == ("R2", "R3")
    assert after.retired == ("R7", "R3")
    assert after.assumptions == ("No longer: Numbers are whole.", "It is quick.")


def test_a_folder_without_requirements_gets_its_first_beyond_what_its_tests_name() -> None:
    answer = ChangeAnswer(added=(wanted("New."), wanted("Newer.")))
    assert [one.id for one in changed_by(answer, existing(None))[0].items] == ["R1", "R2"]
    taken = existing(None, named=frozenset({"R4"}))
    assert [one.id for one in changed_by(answer, taken)[0].items] == ["R5", "R6"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ChangeAnswer(changed=(wanted("x", "R9"),)), "no such requirement; there are: R1, R2"),
        (ChangeAnswer(removed=("R9",)), "no such requirement"),
        (ChangeAnswer(changed=(wanted("x", "R1"),), removed=("R1",)), "both changed and removed"),
        (ChangeAnswer(changed=(wanted("x", "R1"), wanted("y", "R1"))), "changed twice"),
        (ChangeAnswer(overruled=("A9",)), "no assumption 'A9'"),
    ],
)
def test_what_there_is_not_cannot_be_changed(answer: ChangeAnswer, said: str) -> None:
    (problem,) = problems_with(answer, before("R1", "R2"))
    assert said in problem


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ChangeAnswer(changed=(wanted("R1 holds.", "R1"),)), "asks for what holds already"),
        (ChangeAnswer(removed=("R1",)), "nothing would be left"),
    ],
)
def test_a_sentence_that_changes_nothing_or_leaves_nothing_is_refused(
    answer: ChangeAnswer, said: str
) -> None:
    with pytest.raises(PromptRefused, match=said):
        changed_by(answer, existing(before("R1")))
