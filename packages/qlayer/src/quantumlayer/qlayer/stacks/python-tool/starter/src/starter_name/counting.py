"""Counting words."""

import re
from collections import Counter
from collections.abc import Iterable

WORD = re.compile(r"\w+")


def count_words(lines: Iterable[str]) -> list[tuple[str, int]]:
    """Words in lower case and how often each stands there: most frequent first, then A to Z."""
    counted = Counter(word for line in lines for word in WORD.findall(line.lower()))
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))
