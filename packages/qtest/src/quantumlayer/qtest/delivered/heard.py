"""What pages were heard to write, as it can be written again: pure."""

from collections.abc import Iterator, Sequence

from quantumlayer.qtest.delivered.drafts import WORDS, Draft
from quantumlayer.qtest.delivered.model import Sent
from quantumlayer.qtest.runners.records import Record

# What the browser types, see `payload/page_eyes.js`.
TYPED, TYPED_ADDRESS = "Sample", "someone@"


def sent_by(pages: Sequence[Record], name: str) -> list[Sent]:
    """The requests that pages have noted under a name."""
    return [Sent(method=str(one["method"]), path=str(one["path"]), content=str(one["content"]),
                 headers=tuple((str(k), str(v)) for k, v in one["headers"].items()))
            for page in pages for one in page.get(name, ())]  # fmt: skip


def drafts_of(writes: Sequence[Sent]) -> Iterator[Draft]:
    """Each again, with another word in the place of the one that was typed."""
    for number, write in enumerate(writes):
        word = WORDS[number % len(WORDS)]
        content = write.content.replace(TYPED, word).replace(TYPED_ADDRESS, f"{word.lower()}@")
        if word in content:
            yield Draft(write.model_copy(update={"content": content}), word)
