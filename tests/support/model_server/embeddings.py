"""Vectors that count words, without regard to their order: near where texts share words."""

from typing import Any
from zlib import crc32

_DIMENSIONS = 64


def embedded(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request for embeddings, in OpenAI's format."""
    texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
    words = sum(len(text.split()) for text in texts)
    return {
        "object": "list",
        "model": asked["model"],
        "data": [
            {"object": "embedding", "index": index, "embedding": _vector(text)}
            for index, text in enumerate(texts)
        ],
        "usage": {"prompt_tokens": words, "total_tokens": words},
    }


def _vector(text: str) -> list[float]:
    vector = [0.0] * _DIMENSIONS
    for word in text.lower().split():
        vector[crc32(word.encode()) % _DIMENSIONS] += 1
    return vector
