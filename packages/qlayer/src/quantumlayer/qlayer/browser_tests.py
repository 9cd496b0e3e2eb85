"""Which browser tests a project brings, and whether its stack asks for some."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

from quantumlayer.manifests import NotUnderstood, ProjectFiles
from quantumlayer.manifests.javascript import Malformed, Package, read_workspace
from quantumlayer.qlayer.stacks import Stack
from quantumlayer.qtest.delivered import BrowserTests

CONFIG = re.compile(r"(?:^|/)playwright\.config\.[cm]?[jt]s$")
PLAYWRIGHT = "@playwright/test"


def browser_tests_of(files: ProjectFiles, fit: Iterable[Stack]) -> BrowserTests | None:
    """The Playwright tests of a project; None where it brings nothing to run them with.

    Without a configuration they are looked for where the stack has them.
    """
    paths = list(files.paths())
    packages = packages_of(files)
    folder = next((one.tests.browser for one in fit if one.tests.browser), "")
    configs = [path for path in paths if CONFIG.search(path)]
    if configs:
        config = min(configs, key=lambda path: (path.count("/"), path))
        package = package_above(config, packages)
        relative = config if package == "." else config.removeprefix(f"{package}/")
        return BrowserTests(package=package, config=relative, folder=folder, asked=bool(folder))
    brought = any(one.folder == "." and PLAYWRIGHT in one.dependencies() for one in packages)
    if not folder or not brought:
        return None
    return BrowserTests(folder=folder, asked=True)


def packages_of(files: ProjectFiles) -> Sequence[Package]:
    """The packages of a project, as far as its manifests can be read."""
    with suppress(NotUnderstood, Malformed):
        return read_workspace(files).packages
    return ()


def package_above(path: str, packages: Iterable[Package]) -> str:
    """The folder of the package that a file belongs to."""
    above = [one.folder for one in packages if path.startswith(f"{one.folder}/")]
    return max(above, key=len, default=".")
