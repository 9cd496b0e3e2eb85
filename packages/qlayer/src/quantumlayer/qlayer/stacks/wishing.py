"""Which stack is nearest to what somebody asks for in words, and what of it no stack serves."""

import re

from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.stacks.model import Stack
from quantumlayer.qlayer.stacks.reading import stacks

LANGUAGE, ASKED, INSTEAD = 8, 4, 1
"""What a word counts: a language is said on purpose, what is not served only shows a direction."""


class Nearest(Noun):
    """The stack that a wish is nearest to.

    `heard` are the words that speak for it, `unserved` those for what no stack gives: whoever
    wished decides whether this one will do instead.
    """

    stack: Stack
    heard: tuple[str, ...]
    unserved: tuple[str, ...]


def nearest(wish: str) -> Nearest | None:
    """What is nearest to a wish; None where nothing in it asks for any stack."""
    said = spoken(wish)
    weighed = sorted(stacks(), key=lambda one: (-weight(one, said), one.wishes.rank, one.name))
    first = weighed[0]
    if weight(first, said) == 0:
        return None
    served = {word for one in weighed for word in (*language(one), *one.wishes.asked)}
    unserved = {word for one in weighed for word in one.wishes.instead
                if is_said(word, said) and word not in served}  # fmt: skip
    heard = [word for word in (*language(first), *first.wishes.asked) if is_said(word, said)]
    return Nearest(stack=first, heard=tuple(dict.fromkeys(heard)), unserved=tuple(sorted(unserved)))


def serves(stack: Stack, wish: str) -> bool:
    """Whether what is wished is what the stack is: its language, or what it is asked for as."""
    said = spoken(wish)
    return any(is_said(word, said) for word in (*language(stack), *stack.wishes.asked))


def spoken(wish: str) -> str:
    """The words of a wish as `is_said` looks for them."""
    return " ".join(re.findall(r"[\w.+#/-]+", wish.lower()))


def weight(stack: Stack, said: str) -> int:
    """How much of what is said speaks for a stack."""
    worth = ((LANGUAGE, language(stack)), (ASKED, stack.wishes.asked),
             (INSTEAD, stack.wishes.instead))  # fmt: skip
    return sum(value for value, words in worth for word in set(words) if is_said(word, said))


def language(stack: Stack) -> tuple[str, ...]:
    """How its language is said."""
    return stack.wishes.language or stack.languages


def is_said(words: str, said: str) -> bool:
    """Whether words stand in a text as such, not as part of others; a plural counts."""
    return bool(re.search(rf"(?<![\w#+]){re.escape(words)}s?(?![\w#+]|\.\w|-\w)", said))
