"""The whole suite, in the order of the page."""

from tests.packages.qtest.sandbox.escapes.attempts import everything
from tests.packages.qtest.sandbox.escapes.bombs import BOMBS
from tests.packages.qtest.sandbox.escapes.files import DEVICES, FILES
from tests.packages.qtest.sandbox.escapes.kernel import KERNEL
from tests.packages.qtest.sandbox.escapes.network import NETWORK
from tests.packages.qtest.sandbox.escapes.processes import NAMESPACES, PROCESSES

GROUPS = (NETWORK, FILES, DEVICES, PROCESSES, NAMESPACES, KERNEL, BOMBS)
ATTEMPTS = everything(GROUPS)
