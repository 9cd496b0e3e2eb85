"""The whole suite, in the order of the page."""

from tests.packages.qtest.environments.attempts import compiled, node, python
from tests.packages.qtest.environments.attempts.attempt import Attempt

GROUPS: tuple[tuple[str, tuple[Attempt, ...]], ...] = (
    ("Python packages and settings", python.ATTEMPTS),
    ("npm packages and settings", node.ATTEMPTS),
    ("Go, Rust, Java, C: modules, crates, artifacts and settings", compiled.ATTEMPTS),
)
ATTEMPTS = tuple(attempt for _, attempts in GROUPS for attempt in attempts)
