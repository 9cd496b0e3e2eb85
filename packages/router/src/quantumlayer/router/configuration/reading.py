"""From a file to a configuration, or to everything that is wrong with it."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from quantumlayer.router.configuration.documents import Document, read_document
from quantumlayer.router.configuration.documents import Path as Keys
from quantumlayer.router.configuration.merging import Patch, patched
from quantumlayer.router.configuration.model import Configuration
from quantumlayer.router.configuration.problems import ConfigurationError, Place, Problem
from quantumlayer.router.configuration.references import dangling

MOST_BYTES = 4_000_000


def read_file(
    path: Path, environment: Mapping[str, str], patches: Iterable[Patch] = ()
) -> Configuration:
    """The configuration in the file with `patches` over it.

    Raises `ConfigurationError` with lines and what to do.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"it is not UTF-8 text (byte {error.start})") from None
    if len(raw) > MOST_BYTES:
        raise _unreadable(path, f"it is larger than {MOST_BYTES} bytes")
    try:
        return read_text(text, environment, patches)
    except ConfigurationError as error:
        raise error.of(path.name, text) from None


def read_text(
    text: str, environment: Mapping[str, str], patches: Iterable[Patch] = ()
) -> Configuration:
    """The configuration in a YAML or JSON text with `patches` over it.

    Raises `ConfigurationError`.
    """
    document = read_document(text, environment)
    try:
        configuration = Configuration.model_validate(_with(document.data, patches))
    except ValidationError as error:
        raise ConfigurationError(_problems(document, error)) from None
    left = tuple(
        Problem(document.place(path), path, said) for path, said in dangling(configuration)
    )
    if left:
        raise ConfigurationError(left)
    return configuration


def placed(
    error: ConfigurationError, path: Path, environment: Mapping[str, str]
) -> ConfigurationError:
    """The error with the file's lines: what reads well and cannot be made ready has keys alone."""
    try:
        text = path.read_text("utf-8-sig")
        document = read_document(text, environment)
    except (OSError, UnicodeDecodeError, ConfigurationError):
        return error
    found = (Problem(document.place(one.path), one.path, one.said) for one in error.problems)
    return ConfigurationError(tuple(found)).of(path.name, text)


def _with(data: JsonValue, patches: Iterable[Patch]) -> JsonValue:
    given = tuple(patches)
    return patched(data, given) if given else data


def _unreadable(path: Path, reason: str) -> ConfigurationError:
    said = f"this file cannot be read: {reason}"
    return ConfigurationError((Problem(Place(1, 1), (), said),), name=str(path))


def _problems(document: Document, error: ValidationError) -> tuple[Problem, ...]:
    """What is wrong, without what only follows from it, such as a list that lacks wrong items."""
    found = error.errors(include_url=False, include_input=False)
    places = [each["loc"] for each in found]
    causes = (
        each
        for each in found
        if not any(
            len(place) > len(each["loc"]) and place[: len(each["loc"])] == each["loc"]
            for place in places
        )
    )
    return tuple(_problem(document, each) for each in causes)


def _problem(document: Document, error: ErrorDetails) -> Problem:
    keys = error["loc"]
    place = document.place(keys)
    if error["type"] == "extra_forbidden":
        return Problem(place, keys, _no_such_key(keys))
    if error["type"] == "missing":
        return Problem(place, keys, "this is missing")
    return Problem(place, _without_marks(keys), error["msg"].removeprefix("Value error, "))


def _without_marks(keys: Keys) -> Keys:
    """Pydantic marks what is wrong with a key itself by a step of its own."""
    return tuple(key for key in keys if key != "[key]")


def _no_such_key(keys: Keys) -> str:
    known = _known_at(keys[:-1])
    near = get_close_matches(str(keys[-1]), known, n=1, cutoff=0.5)
    instead = f"did you mean {near[0]!r}?" if near else f"the keys here are {', '.join(known)}"
    return f"no such key; {instead}"


def _known_at(keys: Keys) -> tuple[str, ...]:
    """The keys that the section at `keys` may have."""
    section: type[BaseModel] = Configuration
    for key in keys:
        found = section.model_fields.get(str(key))
        inner = _section_in(found.annotation) if found is not None else None
        section = inner or section
    return tuple(section.model_fields)


def _section_in(annotation: object) -> type[BaseModel] | None:
    """The section that an annotation such as `dict[Name, Provider]` or `Cache | None` holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = map(_section_in, getattr(annotation, "__args__", ()))
    return next(filter(None, inner), None)
