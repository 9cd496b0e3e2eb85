"""Whose tests Django's manage.py runs, and with which settings."""

from pathlib import Path

import pytest

from quantumlayer.qtest.runners.django_tests import managed

MANAGE = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings.dev")\n'


def project(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        place = folder / name.replace("__", "/").replace("_py", ".py").replace("_ini", ".ini")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


@pytest.mark.parametrize(("place", "folder"), [("manage_py", ""), ("web__manage_py", "/web")])
def test_settings_are_those_that_manage_names(place: str, folder: str, tmp_path: Path) -> None:
    # when
    found = managed(project(tmp_path, **{place: MANAGE}))
    # then
    assert found is not None
    assert found.variables["DJANGO_SETTINGS_MODULE"] == "site.settings.dev"
    assert found.folder.endswith(folder)


@pytest.mark.parametrize(
    "files",
    [
        {"app_py": MANAGE},
        {"manage_py": "print('a program of another framework')\n"},
        {"manage_py": MANAGE, "other__manage_py": MANAGE},
        {"manage_py": MANAGE, "pytest_ini": "[pytest]\nDJANGO_SETTINGS_MODULE = site.tests\n"},
        {"manage_py": MANAGE, "pytest_ini": "[pytest]\naddopts = --ds=site.tests\n"},
        {"manage_py": MANAGE, "tests__conftest_py": "import django\ndjango.setup()\n"},
    ],
    ids=["none", "another's", "several", "settings of pytest's", "an option", "its own way"],
)
def test_who_says_otherwise_how_tests_are_run_is_left_alone(
    files: dict[str, str], tmp_path: Path
) -> None:
    assert managed(project(tmp_path, **files)) is None
