"""What a model plans in pieces becomes one blueprint on its stack."""

import pytest
from pydantic import ValidationError

from quantumlayer.agents.planning import WOVEN, PlanAnswer, blueprint_of
from quantumlayer.qlayer import Dependency, FileRole, PlannedFile
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements
from tests.support import sample_project as sample


def file(path: str, *leans: str, purpose: str = "", role: str = "source") -> PlannedFile:
    return PlannedFile(path=path, role=FileRole(role), purpose=purpose, depends_on=leans)


def piece(*files: PlannedFile, stack: str = "python-service", **more: object) -> PlanAnswer:
    return PlanAnswer.model_validate({"stack": stack, "files": files, **more})


def asked(name: str = "night-orders") -> Requirements:
    return sample.requirements().model_copy(update={"name": name})


ROUTES, SCHEMA = "src/night_orders/orders/routes.py", "src/night_orders/orders/schema.py"
PUT_TOGETHER = "src/night_orders/application.py"


def test_the_stack_says_what_is_built_and_how_it_is_run() -> None:
    made = blueprint_of(asked(), [piece(file(ROUTES))])

    assert (made.kind, made.language) == (ApplicationKind.SERVICE, Language.PYTHON)
    assert (made.stack, made.port) == ("python-service", 8000)
    assert made.run_command[-1] == "night_orders"
    assert made.framework == "Python service: FastAPI over SQLite"


def test_pieces_are_put_together_and_what_comes_twice_is_planned_once() -> None:
    first = piece(file(SCHEMA, purpose="first"), more=True)
    second = piece(file(SCHEMA, purpose="second"), file(ROUTES, SCHEMA))

    made = blueprint_of(asked(), [first, second])

    assert [one.purpose for one in made.files if one.path == SCHEMA] == ["first"]
    assert [one.path for one in made.files][:2] == [SCHEMA, ROUTES]


def test_what_is_fixed_is_not_planned_and_what_is_woven_always_is() -> None:
    fixed = ("Dockerfile", "requirements.txt", "src/night_orders/database.py")

    made = blueprint_of(asked(), [piece(file(ROUTES), *map(file, fixed))])

    woven = {one.path: one.purpose for one in made.files}
    assert set(woven) == {ROUTES, PUT_TOGETHER}
    assert woven[PUT_TOGETHER] == WOVEN


def test_files_may_name_each_other_and_what_is_in_the_starter() -> None:
    made = blueprint_of(
        asked(),
        [
            piece(
                file(ROUTES, SCHEMA, "src/night_orders/database.py", ROUTES),
                file(SCHEMA, ROUTES),
                file(PUT_TOGETHER, ROUTES),
            )
        ],
    )

    leaning = {one.path: one.depends_on for one in made.files}
    assert leaning == {ROUTES: (SCHEMA,), SCHEMA: (), PUT_TOGETHER: (ROUTES,)}


def test_a_name_that_would_hide_a_module_is_changed() -> None:
    made = blueprint_of(asked("calendar"), [piece(file("src/calendar_app/days.py"))])

    assert made.name == "calendar-app"


@pytest.mark.parametrize(
    ("stack", "path", "kept"),
    [("python-service", ROUTES, ["croniter"]), ("typescript-service", "src/orders/routes.ts", [])],
)
def test_packages_are_added_only_to_a_stack_whose_locks_can_grow(
    stack: str, path: str, kept: list[str]
) -> None:
    wanted = (Dependency(name="fastapi"), Dependency(name="croniter", specifier=">=6"))

    made = blueprint_of(asked(), [piece(file(path), stack=stack, dependencies=wanted)])

    assert [one.name for one in made.dependencies] == kept


def test_without_a_stack_the_plan_is_all_there_is() -> None:
    answer = piece(file("a.py"), stack="", run_command=("python", "a.py"), name="repeated")

    made = blueprint_of(asked(), [answer])

    assert (made.stack, made.run_command) == ("", ("python", "a.py"))
    assert made.kind is ApplicationKind.SERVICE


def test_a_stack_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValidationError, match=r"no stack `cobol-service`.*python-service"):
        piece(file("a.cob"), stack="cobol-service")
