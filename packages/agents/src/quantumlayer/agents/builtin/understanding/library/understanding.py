"""The analyst of libraries: which building blocks a description asks for, and how."""

from quantumlayer.agents.builtin.understanding.library.checks import (
    read_checks,
    read_named_checks,
)
from quantumlayer.agents.builtin.understanding.library.classes import read_classes
from quantumlayer.agents.builtin.understanding.library.draft import Draft
from quantumlayer.agents.builtin.understanding.library.features import (
    Feature,
    features,
    topics,
)
from quantumlayer.agents.builtin.understanding.library.naming import given_names, library_name
from quantumlayer.agents.builtin.understanding.library.reading import Reading
from quantumlayer.agents.builtin.understanding.library.settings import read_settings, values_of
from quantumlayer.agents.builtin.understanding.library.units import read_units
from quantumlayer.agents.builtin.understanding.prompt import Prompt, read_prompt
from quantumlayer.agents.builtin.understanding.refusal import NotUnderstood
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.library import CatalogueBlock

REFUSAL = (
    "No part of this library was understood. Libraries can hold: unit conversions (temperature, "
    "length, weight and more), validation (e-mail, ISBN, IBAN, card numbers, URLs, IP addresses, "
    "passwords), data structures (LRU cache, priority queue, stack, trie, graph, ring buffer), text "
    "(slugs, letter case, distance, Roman numerals), dates, statistics, number theory, money, "
    "colours, checks of limits, and small classes such as an account with deposit and withdraw. "
    'For example: "A library with functions to convert between Celsius, Fahrenheit and Kelvin".'
)
_NAME_REACH = 160


def understand_library(prompt: Prompt | str) -> Requirements:
    """The requirements of a described library.

    Raises NotUnderstood where nothing essential is understood.
    """
    asked = read_prompt(prompt) if isinstance(prompt, str) else prompt
    draft = Draft(asked, Reading(asked.plain))
    name = library_name(draft.reading)
    names = given_names(draft.reading)
    read_classes(draft)
    read_named_checks(draft, names)
    read_features(draft, names)
    read_units(draft, names)
    read_checks(draft, names)
    read_topics(draft)
    if not draft.blocks:
        raise NotUnderstood(REFUSAL)
    return draft.finish(name)


def read_features(draft: Draft, names: list[tuple[int, str, bool]]) -> None:
    """The blocks of the catalogue that the text names, in the order of the text."""
    found: dict[str, tuple[int, int]] = {}
    reading = draft.reading
    candidates = [
        (match.start(), -len(match.group()), known, match)
        for known in features().values()
        for match in reading.free(known.trigger)
    ]
    # Where two blocks claim the same words, the longer claim wins.
    for _, _, known, match in sorted(candidates, key=lambda one: (one[1], one[0])):
        if any(reading.taken[match.start() : match.end()]):
            continue
        reading.take(match)
        first = min(found.get(known.id, (match.start(), 0))[0], match.start())
        found[known.id] = (first, match.end())
    order = sorted(found, key=lambda identifier: found[identifier][0])
    starts = [found[identifier][0] for identifier in order]
    for place, identifier in enumerate(order):
        end = starts[place + 1] if place + 1 < len(starts) else len(reading.text)
        start = 0 if place == 0 else starts[place]
        add_feature(draft, features()[identifier], (start, end), found[identifier][0], names)


def add_feature(
    draft: Draft,
    known: Feature,
    reach: tuple[int, int],
    position: int,
    names: list[tuple[int, str, bool]],
) -> None:
    """A block of the catalogue, with what the text in reach says of it."""
    reading = draft.reading
    settings = read_settings(known, reading, *reach)
    if known.details:
        for match in known.details.finditer(reading.text, *reach):
            reading.take(match)
    for match in list(known.trigger.finditer(reading.text)):
        reading.take(match)
    renames = _renames(known, reach, position, names)
    source = reading.sentence(position) if reach[1] else ""
    requirements = []
    for statement in known.statements:
        text = statement
        for constant, value in values_of(known, settings).items():
            text = text.replace(f"{{{constant}}}", _shown(value))
        for old, new in renames:
            text = text.replace(f"`{old}", f"`{new}")
        requirements.append(draft.require(text, source))
    block = CatalogueBlock(
        id=known.id, names=renames, parameters=settings, requirements=tuple(requirements)
    )
    draft.blocks.append((position, block, known.title))


def _renames(
    known: Feature, reach: tuple[int, int], position: int, names: list[tuple[int, str, bool]]
) -> tuple[tuple[str, str], ...]:
    """The name given nearest before or after the words that ask for the block."""
    near = [
        (abs(place - position), index)
        for index, (place, name, is_class) in enumerate(names)
        if reach[0] <= place < reach[1]
        and abs(place - position) < _NAME_REACH
        and is_class == known.public[0][0].isupper()
        and name not in features()
    ]
    if not near:
        return ()
    _, name, _ = names.pop(min(near)[1])
    return ((known.public[0], name),) if name != known.public[0] else ()


def _shown(literal: str) -> str:
    return literal.removeprefix('Decimal("').removesuffix('")')


def read_topics(draft: Draft) -> None:
    """A field of work that is named without any of its parts stands for its usual blocks."""
    present = {block.id for _, block, _ in draft.blocks if isinstance(block, CatalogueBlock)}
    modules = {features()[identifier].module for identifier in present}
    for topic in topics():
        match = next(draft.reading.free(topic.pattern), None)
        if match is None:
            continue
        draft.reading.take(match)
        if topic.id in modules or present & set(topic.usual):
            continue
        for identifier in topic.usual:
            add_feature(draft, features()[identifier], (0, 0), match.start(), [])
        shown = ", ".join(features()[identifier].title for identifier in topic.usual)
        draft.assume(f"Nothing closer was said of {topic.name}, so it has: {shown}.")
