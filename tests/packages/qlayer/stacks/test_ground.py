"""What a project begins with is the starter without its example."""

import re
from fnmatch import fnmatchcase

import pytest

from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
)
from quantumlayer.qlayer.stacks import (
    Stack,
    ground,
    kind_of,
    language_of,
    named,
    role_of,
    stack,
    stacks,
    suiting,
    usable,
    woven,
)

every = pytest.mark.parametrize("one", stacks(), ids=lambda one: one.name)
# What the examples are about, as their own files call it.
EXAMPLES = re.compile(r"(?i)\bnotes?\b|(?<!-)\bintervals?\b|\bcounting\b|\bcount_?words\b")


@every
def test_nothing_speaks_of_the_example_any_more(one: Stack) -> None:
    left = {file.path: file.text for file in ground(one) if not file.path.endswith("README.md")}

    assert [path for path, text in left.items() if EXAMPLES.search(text)] == []


@every
def test_what_is_woven_is_there_and_may_be_written(one: Stack) -> None:
    paths = {file.path for file in one.starter}

    assert set(woven(one)) <= paths
    assert [path for path in woven(one) for each in one.fixed if fnmatchcase(path, each)] == []


@every
def test_what_is_said_otherwise_meanwhile_is_said_now(one: Stack) -> None:
    if one.unfinished is None:
        return
    texts = {file.path: file.text for file in one.starter}
    assert all(said in texts[one.unfinished.file] for said in one.unfinished.instead)


@every
def test_its_kind_and_language_are_those_of_requirements(one: Stack) -> None:
    assert language_of(one).value == one.languages[0]
    assert kind_of(one) in ApplicationKind


@pytest.mark.parametrize(
    ("name", "path", "role"),
    [
        ("python-service", "src/starter_name/settings.py", FileRole.SOURCE),
        ("python-service", "tests/conftest.py", FileRole.TEST),
        ("python-service", "requirements.txt", FileRole.CONFIGURATION),
        ("python-service", "README.md", FileRole.DOCUMENTATION),
        ("web-page", "vite.config.ts", FileRole.CONFIGURATION),
        ("go-service", "internal/database/database_test.go", FileRole.TEST),
        ("go-service", "internal/database/database.go", FileRole.SOURCE),
        ("java-library", "src/test/java/com/example/startername/ATest.java", FileRole.TEST),
    ],
)
def test_a_file_has_a_role(name: str, path: str, role: FileRole) -> None:
    assert role_of(stack(name), path) is role


@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("night-orders", "night-orders"),
        ("calendar", "calendar-app"),
        ("class", "class-app"),
        ("code-", "code-app"),
        ("native", "native-app"),
    ],
)
def test_a_name_hides_no_module(name: str, used: str) -> None:
    assert usable(name) == used
    assert named(stack("java-library"), used)


def wanted(kind: ApplicationKind, language: Language, *wishes: str) -> Requirements:
    return Requirements(
        name="x",
        title="Bookings",
        summary="",
        kind=kind,
        language=language,
        items=(
            Requirement(id="R1", category=RequirementCategory.RULE, statement="It books."),
            *(
                Requirement(id=f"R{number}", category=RequirementCategory.WISH, statement=each)
                for number, each in enumerate(wishes, start=2)
            ),
        ),
    )


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (wanted(ApplicationKind.SERVICE, Language.GO), "go-service"),
        (wanted(ApplicationKind.FULL_STACK, Language.TYPESCRIPT), "full-stack"),
        (wanted(ApplicationKind.PAGE, Language.TYPESCRIPT), "web-page"),
        (wanted(ApplicationKind.LIBRARY, Language.JAVA), "java-library"),
        (wanted(ApplicationKind.SERVICE, Language.RUST), "rust-tool"),
        (wanted(ApplicationKind.PAGE, Language.PYTHON, "A web page in React"), "web-page"),
    ],
)
def test_the_stack_of_a_kind_and_language_is_offered_first(asked: Requirements, name: str) -> None:
    assert suiting(asked).name == name
