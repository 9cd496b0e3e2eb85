"""The tester's second look: changes of the code that no test noticed → edits of the tests.

The question begins as those for drafts do, so that a provider's cache serves it; behind that stand
the code that was changed, and the tests. Edits come in the dialect of the model's family.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from quantumlayer.agents.context import most_relevant
from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.edited_tests import edited
from quantumlayer.agents.edits import Edit, Unreadable, instructions, read_edits
from quantumlayer.agents.generator import Project, constants_of
from quantumlayer.agents.prompts import conversation_of, rendered
from quantumlayer.agents.tree import Tree
from quantumlayer.router import (
    AnswerTooLong,
    ContentFiltered,
    ContextTooLong,
    ModelRefused,
)
from quantumlayer.router.asking import refused
from quantumlayer.router.profiles.profile import EditDialect

MOST_CHARACTERS = 120_000
_MOST_OF_A_CHANGE = 400
# What was refused is told once.
_ATTEMPTS = (1, 2)
# What a model says or does about tests that pass anyway need not end a run.
_NO_ANSWER = (AnswerTooLong, ContentFiltered, ContextTooLong, ModelRefused)
_CODE = re.compile(r"^\s*(?:`{3}|~{3}|[{<])", re.MULTILINE)
_FORMLESS = "no edit could be read in your answer: write them in the form that you were shown"


async def strengthen(
    conversation: Conversation,
    project: Project,
    *,
    tree: Tree,
    unnoticed: Mapping[str, Sequence[str]],
    round_number: int,
) -> dict[str, str]:
    """The test files that change: path → new content; empty when there is nothing to add.

    `unnoticed` are the changes in words, by the file in which they were made. `project` is as the
    drafts were asked for.
    """
    dialect = (await conversation.router.profile(conversation.model)).edit_dialect
    messages = conversation_of(constants_of(project), _item(tree, unnoticed, dialect))
    after = tree
    for attempt in _ATTEMPTS:
        step = Step("tester", "strengthen", f"round-{round_number}/{attempt}")
        try:
            answer = (await conversation.turn(step, messages)).message.text
        except _NO_ANSWER:
            break
        applied = await edited(after, _edits_in(answer, dialect))
        changed = {path: text for path, text in applied.changed.items() if text is not None}
        after = replace(after, texts={**after.texts, **changed})
        if not applied.refused:
            break
        said = rendered("strengthen_again", reasons=applied.reasons, changed=changed)
        messages = refused(messages, answer, said)
    return {path: text for path, text in after.texts.items() if text != tree.texts[path]}


def _item(tree: Tree, unnoticed: Mapping[str, Sequence[str]], dialect: EditDialect) -> str:
    """What is asked: the changes, the code that they were made in, and the tests."""
    changes = {path: [one[:_MOST_OF_A_CHANGE] for one in said] for path, said in unnoticed.items()}
    concerned = {path: tree.texts[path] for path in tree.texts.keys() & {*changes, *tree.tests}}
    shown, left_out = most_relevant(concerned, "\n".join(changes), MOST_CHARACTERS)
    return rendered(
        "strengthen",
        unnoticed=changes,
        texts=shown,
        tests=tree.tests,
        left_out=left_out,
        form=instructions(dialect),
    )


def _edits_in(answer: str, dialect: EditDialect) -> tuple[Edit, ...]:
    """The edits of an answer; code in which none can be read was meant as some."""
    edits = read_edits(dialect, answer)
    formless = not edits and _CODE.search(answer)
    return (Unreadable("", answer, _FORMLESS),) if formless else edits
