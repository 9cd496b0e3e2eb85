"""The tester's second look: changes of the code that no test noticed → better tests."""

from collections.abc import Mapping, Sequence
from functools import partial

from quantumlayer.agents.answers import RepairAnswer
from quantumlayer.agents.context import most_relevant
from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.edits import EditFailed
from quantumlayer.agents.prompts import messages
from quantumlayer.agents.repairer import MAX_CONTEXT_CHARACTERS, Tree, edited
from quantumlayer.qlayer.requirements import Requirements

MAX_EVIDENCE_CHARACTERS = 12_000


async def strengthen(
    conversation: Conversation,
    requirements: Requirements,
    *,
    tree: Tree,
    unnoticed: Sequence[str],
    round_number: int,
) -> dict[str, str | None]:
    """The test files to change: path → new content; empty when there is nothing to add.

    `unnoticed` are the changes, each in words. Edits of anything but tests are refused as well.
    """
    words = "\n".join(unnoticed)[:MAX_EVIDENCE_CHARACTERS]
    shown, left_out = most_relevant(
        tree.texts, words + " ".join(sorted(tree.tests)), MAX_CONTEXT_CHARACTERS
    )

    async def ask(attempt: int, refused: str) -> RepairAnswer:
        return await conversation.ask(
            Step("tester", "repair", f"strengthen-{round_number}/{attempt}"),
            messages(
                "strengthen",
                requirements=requirements,
                unnoticed=words,
                texts=shown,
                left_out=left_out,
                refused=refused,
            ),
            {"evidence": words},
            RepairAnswer,
        )

    return await edited(ask, tree, partial(_change_tests_only, tree.tests))


def _change_tests_only(tests: frozenset[str], changed: Mapping[str, str | None]) -> None:
    for path in sorted(changed.keys() - tests):
        raise EditFailed(f"{path} is none of the test files; change only those that there are")
