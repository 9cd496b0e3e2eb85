"""Which fields point to records: told by their names, once all kinds of records are known."""

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.words import Words, article, is_plural, noun

_TYPED = {"type", "choices", "steps", "pattern", "length", "default", "range"}
_TYPED |= {"minimum", "maximum"}


def point(entity: EntityDraft, words: Words, target: EntityDraft, at: int) -> FieldDraft:
    """A reference; one that was said already, by the same words, is the same."""
    known = entity.reference_to(target)
    if known is not None and words == target.words:
        return known
    field = entity.field(words)
    field.target = target
    field.statements.append(at)
    return field


def settle_references(draft: Draft) -> None:
    """Fields that are called like an entity point to it."""
    for entity in draft.entities.values():
        for field in entity.fields.values():
            said = field.said.get("thing")
            if isinstance(said, tuple):
                field.target = draft.find(noun(said)) or field.target
            if field.target is None and _may_point(field):
                field.target = _named_like(draft, entity, field)
            if field.target is entity and field.said.setdefault("optional", True):
                draft.assume(f"The {field.label} of {article(entity.label)} may be missing.")
        _merge_doubles(entity)
        _time_of_day(entity)
        _turn_round(draft, entity)


def _may_point(field: FieldDraft) -> bool:
    return not field.said.keys() & _TYPED and not is_plural(field.words[-1])


def _named_like(draft: Draft, entity: EntityDraft, field: FieldDraft) -> EntityDraft | None:
    """The entity that a field is called like: "room", "sitter family", "from account"."""
    words = field.words
    exact = draft.entities.get(words)
    if exact is not None:
        return exact
    others = list(draft.entities.values())
    found = [each for each in others if len(words) > 1 and words[-len(each.words) :] == each.words]
    if not found and kinds.kind_of(words) is FieldType.TEXT and not kinds.is_told(words):
        found = [each for each in others if each.words[-1] == words[-1] and len(each.words) > 1]
        found = [each for each in found if each is not entity or len(words) > 1]
    if not found and len(words) == 2 and words[1] == "member":
        found = [each for each in others if each.words == words[:1]]
    return found[0] if len(found) == 1 else None


def _time_of_day(entity: EntityDraft) -> None:
    """Beside a date, "start time" is a time of that day."""
    day = entity.fields.get(("date",))
    for field in entity.fields.values() if day and day.kind is FieldType.DATE else ():
        if field.words[-1] == "time" and field.kind is FieldType.DATETIME:
            field.said.setdefault("type", FieldType.TIME)


def _merge_doubles(entity: EntityDraft) -> None:
    """A reference by the entity's full name and one by its last word are one."""
    for words, field in list(entity.fields.items()):
        twin = entity.fields.get(field.target.words) if field.target is not None else None
        if twin is not None and twin is not field and words == twin.words[-len(words) :]:
            twin.statements += field.statements
            twin.said.update(field.said)
            del entity.fields[words]


def _turn_round(draft: Draft, entity: EntityDraft) -> None:
    """ "Hotels have rooms": where rooms are records, each of them points to its hotel."""
    for words, field in list(entity.fields.items()):
        if len(words) > 1 and words[-1] == "id" and words[:-1] in draft.entities:
            del entity.fields[words]
            point(entity, words[:-1], draft.entities[words[:-1]], field.statements[0])
        other = draft.entities.get(noun(words))
        if is_plural(words[-1]) and other is not None and other is not entity and not field.said:
            del entity.fields[words]
            point(other, entity.words, entity, field.statements[0])
            draft.assume(f"Each {other.label} belongs to one {entity.label}.")
