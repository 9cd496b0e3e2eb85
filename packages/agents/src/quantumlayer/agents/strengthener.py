"""The tester's second look: changes of the code that no test noticed → better tests."""

from collections.abc import Mapping, Sequence

from quantumlayer.agents.answers import RepairAnswer
from quantumlayer.agents.conversation import Conversation
from quantumlayer.agents.edits import EditFailed, apply_edits
from quantumlayer.agents.prompts import messages
from quantumlayer.agents.repairer import keep_tests, most_relevant
from quantumlayer.qlayer.requirements import Requirements

MAX_EVIDENCE_CHARACTERS = 12_000


async def strengthen(
    conversation: Conversation,
    requirements: Requirements,
    *,
    texts: Mapping[str, str],
    tests: frozenset[str],
    unnoticed: Sequence[str],
    round_number: int,
) -> dict[str, str | None]:
    """The test files to change: path → new content; empty when there is nothing to add.

    `texts` is the whole tree, `tests` the paths in it that are tests, `unnoticed` the changes, each
    in words. Edits of anything but tests, or that take tests away, are refused once with the
    reason.
    """
    words = "\n".join(unnoticed)[:MAX_EVIDENCE_CHARACTERS]
    shown, left_out = most_relevant(texts, words + " ".join(sorted(tests)))
    refused = ""
    for attempt in (1, 2):
        answer = await conversation.ask(
            "repair",
            f"strengthen-{round_number}/{attempt}",
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
        try:
            changed = apply_edits(texts, answer.edits)
            _change_tests_only(tests, changed)
            keep_tests(texts, tests, changed)
        except EditFailed as error:
            refused = str(error)
        else:
            return changed
    return {}


def _change_tests_only(tests: frozenset[str], changed: Mapping[str, str | None]) -> None:
    for path in sorted(changed.keys() - tests):
        raise EditFailed(f"{path} is none of the test files; change only those that there are")
