"""What `manage.py test` does around the tests of a Django project, for pytest.

Settings are named by the environment then, as `manage.py` names them. Where pytest-django is
installed it does all of this by itself, once it knows them.
"""

# Older releases of pytest lack some of the names that types are written with.
from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Generator
from typing import Any

import pytest

ASKED = "QUANTUMLAYER_DJANGO"
NOT_SET_UP = "Django cannot be set up for its tests"
SERVER_AWAY = "Django cannot open a database for its tests"


def django_suite() -> list[object]:
    """The pytest plugin, where the host has found a `manage.py` and nothing else does its work.

    Without Django, tests that need it say so themselves; a project without tests has none to fail.
    """
    asked = bool(os.environ.pop(ASKED, ""))
    there = importlib.util.find_spec("django") is not None
    return (
        [Django()] if asked and there and importlib.util.find_spec("pytest_django") is None else []
    )


class Django:
    """Sets Django up before any test is looked for, with databases for tests alone."""

    def __init__(self) -> None:
        self.runner: Any = None
        self.databases: Any = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """As Django's own runner begins. Raises UsageError with Django's own words."""
        try:
            django = importlib.import_module("django")
            django.setup()
            settings = importlib.import_module("django.conf").settings
            runners = importlib.import_module("django.test.utils").get_runner(settings)
            self.runner = runners(verbosity=0, interactive=False)
            self.runner.setup_test_environment()
            self.databases = self.runner.setup_databases()
        except Exception as error:
            away = type(error).__name__ == "OperationalError" and by_servers()
            begin = SERVER_AWAY if away else NOT_SET_UP
            words = f"{begin}: {type(error).__name__}: {error}"
            raise pytest.UsageError(words) from error

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None]:
        """What empties the databases comes after what leaves them as they are, as Django has it."""
        yield
        tests = importlib.import_module("django.test")

        def turn(item: pytest.Item) -> int:
            kind = getattr(item, "cls", None)
            if not isinstance(kind, type) or not issubclass(kind, tests.SimpleTestCase):
                return 2
            emptying = issubclass(kind, tests.TransactionTestCase)
            return int(emptying and not issubclass(kind, tests.TestCase))

        items.sort(key=turn)

    def pytest_sessionfinish(self) -> None:
        """As it ends."""
        if self.databases is not None:
            self.runner.teardown_databases(self.databases)
            self.runner.teardown_test_environment()


def by_servers() -> bool:
    """Whether a database of the project's is kept by a server."""
    settings = importlib.import_module("django.conf").settings
    engines = [str(one.get("ENGINE", "")) for one in settings.DATABASES.values()]
    return any("sqlite3" not in engine for engine in engines)
