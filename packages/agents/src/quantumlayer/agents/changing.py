"""The analyst on what exists: requirements and a sentence → what it changes of them."""

from collections.abc import Collection
from dataclasses import dataclass

from pydantic import Field, JsonValue

from quantumlayer.agents.analyst import PromptRefused
from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.prompts import messages
from quantumlayer.qlayer import Noun
from quantumlayer.qlayer.requirements import (
    ChangedRequirement,
    Requirement,
    RequirementCategory,
    Requirements,
    RequirementsChange,
    Unclear,
    next_number,
)
from quantumlayer.qlayer.revision.base import Base

_ATTEMPTS = 3
_NOTHING = "nothing in this sentence changes what is there: it asks for what holds already"


class Wanted(Noun):
    """One requirement as it is to be; `id` names the one that it takes the place of."""

    id: str = ""
    category: RequirementCategory
    statement: str = Field(min_length=1, max_length=500)
    source: str = Field(default="", max_length=2000)


class ChangeAnswer(Noun):
    """What a sentence changes, or a refusal that says why nothing can be changed by it."""

    refusal: str | None = Field(default=None, max_length=2000)
    added: tuple[Wanted, ...] = Field(default=(), max_length=100)
    changed: tuple[Wanted, ...] = Field(default=(), max_length=100)
    removed: tuple[str, ...] = Field(default=(), max_length=100)
    assumptions: tuple[str, ...] = Field(default=(), max_length=50)
    overruled: tuple[str, ...] = Field(default=(), max_length=50)
    not_understood: tuple[Unclear, ...] = Field(default=(), max_length=50)


@dataclass(frozen=True)
class Existing:
    """What is to be changed, and what is shown of it where it has no requirements yet.

    `code_map` are its most important symbols. `named` are the ids that its tests name, which
    nothing new may have.
    """

    base: Base
    code_map: str = ""
    named: frozenset[str] = frozenset()


async def analyse_change(
    conversation: Conversation, existing: Existing, sentence: str
) -> tuple[Requirements, RequirementsChange]:
    """The requirements as they are to be, and what of them is different.

    Raises PromptRefused with words for the user.
    """
    problems: list[str] = []
    for attempt in range(1, _ATTEMPTS + 1):
        answer = await conversation.ask(
            Step("analyst", "revise", "change" if attempt == 1 else f"change/{attempt}"),
            messages("revise", existing=existing, prompt=sentence, problems=problems),
            {"prompt": sentence, "requirements": _shown(existing.base)},
            ChangeAnswer,
        )
        if answer.refusal is not None:
            raise PromptRefused(answer.refusal, answer.not_understood)
        problems = problems_with(answer, existing.base.requirements)
        if not problems:
            return changed_by(answer, existing)
    raise PromptRefused(f"what the sentence changes was not understood: {problems[0]}")


def problems_with(answer: ChangeAnswer, before: Requirements | None) -> list[str]:
    """What an answer says of requirements or assumptions that there are not."""
    known = {one.id for one in before.items} if before else set()
    assumed = {name for name, _ in before.numbered_assumptions} if before else set()
    changed = [one.id for one in answer.changed]
    return [
        *_unknown(changed, known, "changed"),
        *_unknown(answer.removed, known, "removed"),
        *(f"{one} is both changed and removed" for one in answer.removed if one in changed),
        *(f"{one} is changed twice" for one in dict.fromkeys(changed) if changed.count(one) > 1),
        *(f"there is no assumption {one!r}" for one in answer.overruled if one not in assumed),
    ]


def changed_by(answer: ChangeAnswer, existing: Existing) -> tuple[Requirements, RequirementsChange]:
    """The answer with its ids: what stays keeps its own, what is new goes on counting.

    Raises PromptRefused where nothing would be different, or nothing would be left.
    """
    before = existing.base.requirements
    items = before.items if before else ()
    retired = before.retired if before else ()
    first = next_number((*(one.id for one in items), *retired, *existing.named))
    added = tuple(
        _requirement(one, f"R{number}") for number, one in enumerate(answer.added, start=first)
    )
    anew = {one.id: _requirement(one, one.id) for one in answer.changed}
    changed = tuple(
        ChangedRequirement(before=one, after=anew[one.id])
        for one in items
        if one.id in anew and _differs(one, anew[one.id])
    )
    removed = tuple(one for one in items if one.id in answer.removed)
    different = {one.before.id for one in changed} | {one.id for one in removed}
    change = RequirementsChange(
        added=added,
        changed=changed,
        removed=removed,
        kept=tuple(one for one in items if one.id not in different),
    )
    if change.is_empty:
        raise PromptRefused(_NOTHING, answer.not_understood)
    after = {one.before.id: one.after for one in changed}
    left = [after.get(one.id, one) for one in items if one not in removed] + list(added)
    if not left:
        raise PromptRefused("the sentence takes away all that there is, so nothing would be left")
    return _requirements(existing.base, tuple(left), change, answer), change


def _requirements(
    base: Base, items: tuple[Requirement, ...], change: RequirementsChange, answer: ChangeAnswer
) -> Requirements:
    before = base.requirements
    if before is None:
        return Requirements(
            name=base.name,
            title=base.title,
            summary=base.summary[:2000],
            kind=base.kind,
            language=base.language,
            items=items,
            assumptions=answer.assumptions,
            not_understood=answer.not_understood,
        )
    assumed = tuple(
        f"No longer: {text}" if name in answer.overruled else text
        for name, text in before.numbered_assumptions
    )
    return before.model_copy(
        update={
            "items": items,
            "assumptions": (*assumed, *answer.assumptions),
            "not_understood": answer.not_understood,
            "retired": (*before.retired, *(one.id for one in change.removed)),
            # What a model made of the description before says nothing of what it is now.
            "domain": None,
        }
    )


def _unknown(ids: Collection[str], known: Collection[str], what: str) -> list[str]:
    listed = ", ".join(sorted(known, key=lambda one: (len(one), one))) or "none"
    return [f"{one!r} is {what}, and there is no such requirement; there are: {listed}"
            for one in ids if one not in known]  # fmt: skip


def _requirement(one: Wanted, name: str) -> Requirement:
    return Requirement(id=name, category=one.category, statement=one.statement, source=one.source)


def _differs(before: Requirement, after: Requirement) -> bool:
    return (before.statement, before.category) != (after.statement, after.category)


def _shown(base: Base) -> JsonValue:
    return base.requirements.model_dump(mode="json") if base.requirements else None
