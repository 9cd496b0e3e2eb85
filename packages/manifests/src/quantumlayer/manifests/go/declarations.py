"""What go.mod declares."""

from collections.abc import Iterator

from quantumlayer.manifests.found import Found
from quantumlayer.manifests.go.grammar import directives
from quantumlayer.manifests.model import Ecosystem, NotUnderstood


def go_mod(text: str) -> Iterator[Found]:
    """What a go.mod requires; nothing of one that is malformed."""
    try:
        every = directives(text, "go.mod")
    except NotUnderstood:
        return
    replaced = {one.words[0] for one in every if one.verb == "replace" and one.words}
    for one in every:
        if one.verb == "require" and len(one.words) == 2:
            name, version = one.words
            yield Ecosystem.GO, name, version, name not in replaced
