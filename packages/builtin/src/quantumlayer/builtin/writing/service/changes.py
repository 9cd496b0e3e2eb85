"""Changes of a record that the rules of a service accept."""

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.kitchen import Changes, Given, Kitchen
from quantumlayer.builtin.writing.service.model import EntityView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.search import candidates
from quantumlayer.builtin.writing.service.world import Refused


def accepted_change(
    place: Kitchen, entity: EntityView, made: int, without: frozenset[str] = frozenset()
) -> Changes:
    """A member of a record that can be changed, to a value that it does not have yet."""
    stored = place.world.tables[entity.name][made]
    for field in entity.fields:
        if field.type is FieldType.REFERENCE or field.key in without:
            continue
        options: list[Given] = [sample(entity, field, 7)]
        options += candidates(place, entity, field.key)
        for value in options:
            trial = place.copy()
            try:
                trial.world.update(entity, made, trial.settled({field.key: value}))
            except Refused:
                continue
            if value is not None and value != stored[field.key]:
                return {field.key: value}
    return {}
