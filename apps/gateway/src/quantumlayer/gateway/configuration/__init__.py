"""The configuration in use: the file that people write, and what administrators changed of it.

What stands in it is `quantumlayer.router.configuration`.
"""

from quantumlayer.gateway.configuration.changes import (
    Change,
    Changes,
    ChangesInFile,
    Overtaken,
)
from quantumlayer.gateway.configuration.live import Live

__all__ = ["Change", "Changes", "ChangesInFile", "Live", "Overtaken"]
