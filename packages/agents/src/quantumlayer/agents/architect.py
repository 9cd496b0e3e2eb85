"""The architect: requirements → blueprint, on a stack where the model can build on one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.memory import Examples, shown_to_architect
from quantumlayer.agents.personas import cast, personas
from quantumlayer.agents.planning import (
    AT_ONCE,
    PLANNED_FREELY,
    PlanAnswer,
    blueprint_of,
    is_extendable,
    merged_files,
    packages_of,
)
from quantumlayer.agents.prompts import messages
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.quality.wishes import fulfilled
from quantumlayer.qlayer.requirements import UNSERVED, Language, RequirementCategory, Requirements
from quantumlayer.qlayer.stacks import (
    Stack,
    is_example,
    is_fixed,
    is_said,
    named,
    spoken,
    stack,
    stacks,
    usable,
    woven,
)
from quantumlayer.router import Message

_ATTEMPTS = 3
# How a test is called that verifies R3, by its language.
SAMPLES = {
    Language.PYTHON: "`test_r3_refuses_a_negative_price`",
    Language.TYPESCRIPT: "`'R3: refuses a negative price'`",
    Language.JAVASCRIPT: "`'R3: refuses a negative price'`",
    Language.GO: "`Test_R3_refuses_a_negative_price`",
    Language.JAVA: "`r3_refuses_a_negative_price`",
    Language.RUST: "`r3_refuses_a_negative_price`",
    Language.C: "`test_r3_refuses_a_negative_price`",
    Language.CPP: "`test_r3_refuses_a_negative_price`",
}
# Where a language keeps tests beside what they test.
BESIDE = {Language.GO: "files named *_test.go beside what they test"}


class BlueprintTooLarge(Exception):  # noqa: N818 - a refusal, not a fault
    """The plan has more files than the run may write."""


async def design(
    conversation: Conversation, requirements: Requirements, *, max_files: int
) -> Blueprint:
    """The files that make the application, of a model that plans all of it by itself.

    Raises BlueprintTooLarge.
    """
    blueprint = await conversation.ask(
        Step("architect", "design", "blueprint"),
        messages("design", requirements=requirements, max_files=max_files),
        {"requirements": requirements.model_dump(mode="json")},
        Blueprint,
    )
    return within_limits(blueprint, max_files)


async def plan(
    conversation: Conversation,
    requirements: Requirements,
    *,
    nearest: Stack,
    max_files: int,
    examples: Examples | None = None,
) -> Blueprint:
    """The stack and the files that are added to its starter, in as many answers as it takes.

    `nearest` is the stack that is shown first, `examples` are plans that have held. Every
    file has a persona who writes it.
    Raises BlueprintTooLarge.
    """
    asking = Planning(conversation, requirements, max_files, shown_to_architect(examples))
    asked, first = await asking.begun(nearest)
    pieces = [first]
    while pieces[-1].more and len(merged_files(pieces)) <= max_files:
        known = len(merged_files(pieces))
        pieces.append(await asking.more(asked, pieces))
        if len(merged_files(pieces)) == known:
            break
    return cast(within_limits(blueprint_of(requirements, pieces), max_files))


def within_limits(blueprint: Blueprint, max_files: int) -> Blueprint:
    """The blueprint. Raises BlueprintTooLarge."""
    if len(blueprint.files) > max_files:
        raise BlueprintTooLarge(
            f"the plan has {len(blueprint.files)} files, this run may write {max_files}; "
            "describe a smaller application or raise the limit"
        )
    return blueprint


@dataclass(frozen=True)
class Planning:
    """The questions of one plan."""

    conversation: Conversation
    requirements: Requirements
    max_files: int
    examples: tuple[Message, ...] = ()

    async def begun(self, nearest: Stack) -> tuple[tuple[Message, ...], PlanAnswer]:
        """What was asked, with the rules of the chosen stack, and the plan's first piece."""
        shown, problems = nearest, list[str]()
        for attempt in range(1, _ATTEMPTS + 1):
            asked = self.asked(shown, problems=problems, chosen=shown is not nearest)
            answer = await self._ask(f"blueprint/{attempt}" if attempt > 1 else "blueprint", asked)
            chosen = stack(answer.stack) if answer.stack else None
            problems = self.problems(answer)
            if chosen is not None and chosen is not shown:
                shown = chosen
            elif not problems:
                break
        return asked, answer

    async def more(self, asked: tuple[Message, ...], pieces: Sequence[PlanAnswer]) -> PlanAnswer:
        """The next piece of the plan: the same question, and what is planned so far."""
        planned = merged_files(pieces)
        (_, further) = messages("plan_more", at_once=AT_ONCE, stack=pieces[0].stack, files=planned)
        return await self._ask(f"blueprint/piece-{len(pieces) + 1}", (*asked, further))

    def problems(self, answer: PlanAnswer) -> list[str]:
        """Why a plan cannot be made: without a stack, or with a wish that nobody serves."""
        language = self.requirements.language
        if not answer.stack and language not in PLANNED_FREELY:
            return [f"Without a stack nothing is made in {language.value}: choose the nearest one."]
        return [] if answer.more else [*self._left_alone(answer)]

    def _left_alone(self, answer: PlanAnswer) -> Iterator[str]:
        """The wishes that no planned file is for, and that the stack does not fulfil by itself."""
        asked = self.requirements
        planned = {one for file in answer.files for one in file.requirements}
        # What is told as missing already is nobody's to bring.
        unserved = [one.text for one in asked.not_understood if one.reason.startswith(UNSERVED)]
        blueprint = blueprint_of(asked, [answer])
        for item in asked.items:
            words = spoken(item.statement)
            is_told = any(is_said(one.lower(), words) for one in unserved)
            is_wish = item.category is RequirementCategory.WISH
            if is_wish and not (item.id in planned or is_told or fulfilled(item, blueprint)):
                yield f"Nothing serves the wish {item.id}: name it at the files that bring it."

    def asked(self, shown: Stack, *, problems: Sequence[str], chosen: bool) -> tuple[Message, ...]:
        """What is asked first, with the rules of the stack that is `shown`."""
        own = named(shown, usable(self.requirements.name))
        languages = own.languages[0]
        system, question = messages(
            "plan",
            requirements=self.requirements,
            stacks=stacks(),
            shown=own,
            chosen=chosen,
            fixed={file.path for file in own.starter if is_fixed(own, file.path)},
            example={file.path for file in own.starter if is_example(own, file)},
            woven=woven(own),
            packages=packages_of(own),
            extendable=is_extendable(own),
            folders=(BESIDE[Language(languages)],)
            if Language(languages) in BESIDE
            else own.tests.folders,
            sample=SAMPLES[Language(languages)],
            max_files=self.max_files,
            at_once=AT_ONCE,
            personas=[one for one in personas() if one.roles],
            problems=problems,
        )
        return (system, *self.examples, question)

    async def _ask(self, item: str, asked: tuple[Message, ...]) -> PlanAnswer:
        return await self.conversation.ask(
            Step("architect", "design", item),
            asked,
            {"requirements": self.requirements.model_dump(mode="json")},
            PlanAnswer,
        )
