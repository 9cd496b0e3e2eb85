"""What earlier runs of an organisation are good for: the nearest few are shown as examples."""

from quantumlayer.agents.memory.examples import (
    MOST_EXAMPLES,
    Example,
    Examples,
    about,
    example_of,
    shown_to_architect,
    shown_to_tester,
)
from quantumlayer.agents.memory.index import Index, IndexUnavailable, followed
from quantumlayer.agents.memory.meaning import Meaning, Vectors
from quantumlayer.agents.memory.qdrant_index import QdrantIndex, is_installed
from quantumlayer.agents.memory.words import WordVector, word_vector

__all__ = [
    "MOST_EXAMPLES",
    "Example",
    "Examples",
    "Index",
    "IndexUnavailable",
    "Meaning",
    "QdrantIndex",
    "Vectors",
    "WordVector",
    "about",
    "example_of",
    "followed",
    "is_installed",
    "shown_to_architect",
    "shown_to_tester",
    "word_vector",
]
