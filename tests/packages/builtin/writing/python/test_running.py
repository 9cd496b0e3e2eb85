"""A generated service, started as its README says, answers what its README shows."""

import re
import sys
from pathlib import Path

import pytest

from tests.support.generated_tree import write_tree
from tests.support.served import readme_commands, refused_commands, served
from tests.support.service_domains import DOMAINS, chosen

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", chosen("bookings"))
def test_every_command_of_the_readme_works(name: str, tmp_path: Path) -> None:
    root = write_tree(DOMAINS[name](), tmp_path)
    readme = (root / "README.md").read_text(encoding="utf-8")
    package = re.findall(r"python -m (\w+)$", readme, re.MULTILINE)[0]
    with served(root, sys.executable, "-m", package) as url:
        assert refused_commands(url, readme_commands(root)) == {}
