"""The reviewer: one reading of the whole by somebody who wrote none of it → remarks."""

from collections.abc import Collection, Mapping

from pydantic import Field

from quantumlayer.agents.context import most_relevant
from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.personas import REVIEWER, persona
from quantumlayer.agents.prompts import messages, rendered
from quantumlayer.qlayer import Blueprint, Noun
from quantumlayer.qlayer.quality import Remark
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import stack
from quantumlayer.router import Message

MOST_CHARACTERS = 180_000
MOST_REMARKS = 20


class ReviewAnswer(Noun):
    """All remarks, those that weigh most first; none where the reader found nothing."""

    remarks: tuple[Remark, ...] = Field(default=(), max_length=MOST_REMARKS)


async def review(
    conversation: Conversation,
    requirements: Requirements,
    blueprint: Blueprint,
    *,
    texts: Mapping[str, str],
    prompt: str,
    number: int = 1,
    unread: Collection[str] = (),
) -> tuple[Remark, ...]:
    """What a reader of the whole finds. `texts` are all files (path → text), `prompt` the wish.

    `number` counts the readings of a run, and `unread` are files that are not worth one. Remarks on
    files that there are not are left out: nobody could follow them.
    """
    answer = await conversation.ask(
        Step(REVIEWER, "review", f"reading-{number}"),
        asked(requirements, blueprint, texts, prompt, unread),
        {},
        ReviewAnswer,
    )
    return tuple(one for one in answer.remarks if not one.path or one.path in texts)


def asked(
    requirements: Requirements,
    blueprint: Blueprint,
    texts: Mapping[str, str],
    prompt: str,
    unread: Collection[str] = (),
) -> tuple[Message, ...]:
    """The question: what was asked and what stands, then what to look for."""
    shown, left_out = most_relevant(texts, "", MOST_CHARACTERS, unread)
    ground = messages(
        "review_ground",
        requirements=requirements,
        blueprint=blueprint,
        prompt=prompt,
        texts=shown,
        left_out=left_out,
        rules=stack(blueprint.stack).rules if blueprint.stack else "",
    )
    item = rendered("review", persona=persona(REVIEWER), most=MOST_REMARKS)
    return (*ground, Message(role="user", content=item))
