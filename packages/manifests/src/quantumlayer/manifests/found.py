"""What readers of one manifest give: names with versions, before they have a place."""

from collections.abc import Callable, Iterable

from quantumlayer.manifests.model import Ecosystem

Found = tuple[Ecosystem, str, str, bool]
"""(ecosystem, name, version as written, whether it comes from the registry)"""

Reader = Callable[[str], Iterable[Found]]
