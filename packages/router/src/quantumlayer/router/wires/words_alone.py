"""What nearly every piece of a chat completion's stream is: more words, and nothing besides.

Such pieces come by the hundred, so they are told apart before anything else is looked for.
"""

_PIECE = frozenset(
    {
        "choices",
        "created",
        "id",
        "model",
        "obfuscation",
        "object",
        "service_tier",
        "system_fingerprint",
        "usage",
    }
)
_CHOICE = frozenset({"delta", "finish_reason", "index", "logprobs"})


def words_alone(document: object, named: tuple[object, object], index: int | None) -> str | None:
    """The words of a piece that says nothing else; None for any other.

    `named` are the model and the id that were read before, `index` is the choice that is read.
    """
    if not isinstance(document, dict) or document.get("usage") is not None:
        return None
    choices = document.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not document.keys() <= _PIECE:
        return None
    choice = choices[0]
    if (
        not isinstance(choice, dict)
        or choice.get("finish_reason") is not None
        or choice.get("index") != index
        or not choice.keys() <= _CHOICE
        or (document.get("model"), document.get("id")) != named
    ):
        return None
    delta = choice.get("delta")
    if not isinstance(delta, dict) or len(delta) != 1:
        return None
    text = delta.get("content")
    return text if isinstance(text, str) and text else None
