"""A generated service does what the described domain does, step by step."""

import json
from pathlib import Path

import pytest

from tests.support.generated_tree import run, write_tree
from tests.support.service_domains import DOMAINS, chosen
from tests.support.walks import walk

pytestmark = pytest.mark.slow

WALK = '''"""Walks along recorded steps."""

import json
from pathlib import Path

from fastapi.testclient import TestClient

STEPS = json.loads((Path(__file__).parent / "walk.json").read_text())


def test_walk(client: TestClient) -> None:
    for number, step in enumerate(STEPS):
        response = client.request(step["method"], step["path"], json=step["body"])
        assert response.status_code == step["status"], (number, step, response.text)
        if step["by"]:
            assert response.json().get("requirement") in step["by"], (number, step, response.text)
'''


@pytest.mark.parametrize("name", chosen("kept_records"))
def test_the_service_and_the_description_agree(name: str, tmp_path: Path) -> None:
    root = write_tree(DOMAINS[name](), tmp_path)
    (root / "tests" / "test_walk.py").write_text(WALK, encoding="utf-8")
    (root / "tests" / "walk.json").write_text(json.dumps(walk(DOMAINS[name]())), encoding="utf-8")
    done = run(root, "pytest", "-p", "no:cacheprovider", "tests/test_walk.py")
    assert done.returncode == 0, done.stdout[-3000:]
