"""What of a tree a change touches, and where its tests go."""

import pytest

from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile, SourceTree
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    ChangedRequirement,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
    RequirementsChange,
)
from quantumlayer.qlayer.revision.base import Base, HandEdits
from quantumlayer.qlayer.revision.planning import new_test_path, plan_tests, revised_blueprint


def rule(name: str, category: RequirementCategory = RequirementCategory.RULE) -> Requirement:
    return Requirement(id=name, category=category, statement=f"{name} holds.")


TESTS = {
    "tests/test_one.py": "def test_r1_a():\n    pass\n\n\ndef test_r2_b():\n    pass\n",
    "tests/test_three.py": "def test_r3_c():\n    pass\n",
}


def test_what_is_new_gets_a_file_and_what_changed_its_own_again() -> None:
    change = RequirementsChange(
        added=(rule("R4"), rule("R5", RequirementCategory.WISH)),
        changed=(ChangedRequirement(before=rule("R2"), after=rule("R2")),),
        removed=(rule("R3"),),
        kept=(rule("R1"),),
    )

    plan = plan_tests(Language.PYTHON, TESTS, [*TESTS, "one.py"], change)

    assert [(file.path, file.requirements) for file in plan.files] == [
        ("tests/test_one.py", ("R2",)),
        ("tests/test_r4.py", ("R4",)),
    ]
    assert plan.gone == ("tests/test_three.py",)
    assert plan.examples == ("tests/test_one.py",)


@pytest.mark.parametrize(
    ("language", "examples", "paths", "path"),
    [
        (Language.PYTHON, ["tests/unit/test_a.py"], [], "tests/unit/test_r8.py"),
        (Language.PYTHON, [], [], "tests/test_r8.py"),
        (Language.PYTHON, [], ["tests/test_r8.py"], "tests/test_r82.py"),
        (Language.JAVASCRIPT, ["test/orders.test.js"], [], "test/r8.test.js"),
        (Language.TYPESCRIPT, ["src/__tests__/orders.spec.tsx"], [], "src/__tests__/r8.spec.tsx"),
        (Language.GO, ["store/orders_test.go"], [], "store/r8_test.go"),
        (Language.GO, [], ["cmd/main.go", "store/a.go", "store/b.go"], "store/r8_test.go"),
        (Language.JAVA, ["src/test/java/a/OrdersTest.java"], [], "src/test/java/a/R8Test.java"),
        (Language.RUST, [], ["Cargo.toml"], "tests/r8.rs"),
        (Language.C, ["tests/test_list.c"], [], "tests/test_r8.c"),
        (Language.CPP, ["tests/list_test.cpp"], [], "tests/r8_test.cpp"),
    ],
)
def test_a_new_test_is_called_as_those_that_there_are(
    language: Language, examples: list[str], paths: list[str], path: str
) -> None:
    assert new_test_path(language, examples, paths, ["R8"]) == path


def test_the_plan_forgets_what_went_and_what_was_removed_by_hand() -> None:
    planned = Blueprint(
        name="one",
        kind=ApplicationKind.LIBRARY,
        language=Language.PYTHON,
        files=(
            PlannedFile(path="one.py", role=FileRole.SOURCE, purpose="x", requirements=("R3",)),
            PlannedFile(
                path="two.py", role=FileRole.SOURCE, purpose="x", depends_on=("one.py", "mine.py")
            ),
            PlannedFile(path="mine.py", role=FileRole.SOURCE, purpose="x"),
            PlannedFile(path="tests/test_three.py", role=FileRole.TEST, purpose="x"),
        ),
    )
    requirements = Requirements(
        name="one",
        title="One",
        summary="",
        kind=ApplicationKind.LIBRARY,
        language=Language.PYTHON,
        items=(rule("R1"),),
    )
    base = Base(
        name="one",
        title="One",
        kind=ApplicationKind.LIBRARY,
        language=Language.PYTHON,
        tree=SourceTree(),
        requirements=requirements,
        blueprint=planned,
        edits=HandEdits(removed=("mine.py",)),
    )
    plan = plan_tests(
        Language.PYTHON, TESTS, TESTS, RequirementsChange(removed=(rule("R3"),), kept=(rule("R1"),))
    )

    after = revised_blueprint(base, requirements, plan, ["one.py", "two.py"])

    assert [(file.path, file.requirements) for file in after.files] == [
        ("one.py", ()),
        ("two.py", ()),
    ]
    assert after.files[1].depends_on == ("one.py",)
