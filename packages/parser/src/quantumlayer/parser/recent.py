"""Trees of files seen lately: an edited file is parsed again from its old tree."""

from collections import OrderedDict

from tree_sitter import Tree

from quantumlayer.parser.tree import parse

MAX_BYTES = 4 * 1024**2
"""So many bytes of source a worker remembers; their trees take some twenty times that."""


class RecentTrees:
    """The last trees by language and path, within MAX_BYTES of source."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._known: OrderedDict[tuple[str, str], tuple[bytes, Tree]] = OrderedDict()

    def parse(self, language: str, path: str, data: bytes) -> Tree:
        """The tree of `data`, from that of what `path` held before where it is remembered.

        A tree with errors is always made anew: how a grammar recovers from an error may depend on
        what it is given to start from, and an answer must depend on its file alone.
        """
        known = self._known.pop((language, path), None)
        tree = None
        if known is not None:
            self._bytes -= len(known[0])
            tree = reparse(language, known[1], known[0], data)
        if tree is None or tree.root_node.has_error:
            tree = parse(language, data)
        self._keep((language, path), data, tree)
        return tree

    def _keep(self, key: tuple[str, str], data: bytes, tree: Tree) -> None:
        if len(data) > self._max_bytes:
            return
        self._known[key] = (data, tree)
        self._bytes += len(data)
        while self._bytes > self._max_bytes:
            _, (dropped, _) = self._known.popitem(last=False)
            self._bytes -= len(dropped)


def reparse(language: str, tree: Tree, old: bytes, new: bytes) -> Tree:
    """The tree of `new` from `tree`, that of `old`; only what differs is read again."""
    start = _common_start(old, new)
    shared = _common_start(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - shared, len(new) - shared
    edited = tree.copy()
    edited.edit(
        start, old_end, new_end, _point(old, start), _point(old, old_end), _point(new, new_end)
    )
    return parse(language, new, edited)


def _common_start(one: bytes, other: bytes) -> int:
    """How many bytes both begin with: by halving, for comparing slices is fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _point(data: bytes, offset: int) -> tuple[int, int]:
    return data.count(b"\n", 0, offset), offset - (data.rfind(b"\n", 0, offset) + 1)
