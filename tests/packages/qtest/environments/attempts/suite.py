"""The whole suite, in the order of the page."""

from tests.packages.qtest.environments.attempts import compiled, node, python
from tests.packages.qtest.environments.attempts.attempt import Attempt, Program
from tests.packages.qtest.environments.attempts.programs import PROGRAMS

GROUPS: tuple[tuple[str, tuple[Attempt, ...] | tuple[Program, ...]], ...] = (
    ("Python packages and settings", python.ATTEMPTS),
    ("npm packages and settings", node.ATTEMPTS),
    ("Go, Rust, Java, C: modules, crates, artifacts and settings", compiled.ATTEMPTS),
    ("An installer that has been taken over", PROGRAMS),
)
ATTEMPTS: tuple[Attempt, ...] = (*python.ATTEMPTS, *node.ATTEMPTS, *compiled.ATTEMPTS)
