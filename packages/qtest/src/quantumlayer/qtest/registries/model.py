"""What an installer of one ecosystem is given to reach its registries."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quantumlayer.qtest.registries.endpoints import Registries
from quantumlayer.qtest.sandbox import Mount


@dataclass(frozen=True)
class Access:
    """Whom it may reach, the deployment's settings for its tool, and what these refer to.

    All of it comes from the deployment, never from a project.
    """

    registries: Registries
    variables: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[Mount, ...] = ()
