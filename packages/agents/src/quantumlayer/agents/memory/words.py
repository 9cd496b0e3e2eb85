"""A text as a sparse vector of its words, without any model and the same on every machine."""

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import blake2b

_WORD = re.compile(r"[^\W_]{2,}")
_INDEX_BYTES = 4


@dataclass(frozen=True, slots=True)
class WordVector:
    """`indices`: 32-bit numbers of words, ascending; `values`: their weights, of length 1."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


def word_vector(text: str) -> WordVector:
    """The words of a text by a hash, weighed by how often they stand there, dampened.

    How rare a word is weighs whoever knows all texts. An empty vector where there is no word.
    """
    weights: defaultdict[int, float] = defaultdict(float)
    for word, number in Counter(_WORD.findall(text.casefold())).items():
        weights[_index(word)] += 1 + math.log(number)
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    ordered = sorted(weights.items())
    return WordVector(
        tuple(index for index, _ in ordered), tuple(weight / length for _, weight in ordered)
    )


def _index(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=_INDEX_BYTES).digest())
