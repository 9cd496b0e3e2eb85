"""The catalogue of building blocks: what each is called, what it promises, what can be said of it.

The Python of a block is with the writer, under the same id.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "catalogue"


@dataclass(frozen=True, slots=True)
class Setting:
    """A constant of a block that a description may set; the pattern's group `value` is read.

    `kind` is `integer`, `number`, `seconds` (a duration) or `flag` (mentioned at all: True).
    """

    constant: str
    kind: str
    default: str
    pattern: re.Pattern[str]
    minimum: int


@dataclass(frozen=True, slots=True)
class Feature:
    """A building block: `public` are its names, `statements` what it promises.

    Statements may name constants in braces.
    """

    id: str
    module: str
    module_title: str
    title: str
    public: tuple[str, ...]
    trigger: re.Pattern[str]
    statements: tuple[str, ...]
    settings: tuple[Setting, ...]
    details: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Topic:
    """A field of work: said alone, it stands for its usual blocks."""

    id: str
    name: str
    pattern: re.Pattern[str]
    usual: tuple[str, ...]


def _pattern(text: str) -> re.Pattern[str]:
    joined = "".join(line.strip() if "\n" in text else line for line in text.splitlines())
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)


@cache
def _files() -> tuple[dict[str, object], ...]:
    return tuple(
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml"))
    )


def _feature(raw: dict[str, object], group: dict[str, object]) -> Feature:
    identifier = str(raw["id"])
    settings = raw.get("setting", [])
    public, statements = raw.get("public", [identifier]), raw["statements"]
    assert isinstance(settings, list)  # noqa: S101 - the shape of our own data
    assert isinstance(public, list)  # noqa: S101
    assert isinstance(statements, list)  # noqa: S101
    details = raw.get("details")
    return Feature(
        id=identifier,
        module=str(raw.get("module", group["module"])),
        module_title=str(raw.get("module_title", group["title"])),
        title=str(raw["title"]),
        public=tuple(public),
        trigger=_pattern(str(raw["trigger"])),
        statements=tuple(statements),
        settings=tuple(
            Setting(
                one["constant"],
                one["kind"],
                str(one["default"]),
                _pattern(one["pattern"]),
                int(one.get("minimum", 1)),
            )
            for one in settings
        ),
        details=_pattern(str(details)) if details else None,
    )


@cache
def features() -> dict[str, Feature]:
    """All blocks by id, in the catalogue's order."""
    found: dict[str, Feature] = {}
    for group in _files():
        raw = group.get("feature", [])
        assert isinstance(raw, list)  # noqa: S101 - the shape of our own data
        found |= {one["id"]: _feature(one, group) for one in raw}
    return found


def feature(identifier: str) -> Feature:
    """The block of an id; KeyError where there is none."""
    return features()[identifier]


@cache
def topics() -> tuple[Topic, ...]:
    """The fields of work, by module."""
    found = []
    for group in _files():
        usual = group.get("usual", [])
        assert isinstance(usual, list)  # noqa: S101 - the shape of our own data
        if usual:
            name = str(group["topic"])
            pattern = _pattern(str(group["trigger"]))
            found.append(Topic(str(group["module"]), name, pattern, tuple(usual)))
    return tuple(found)
