"""What of a tree is shown: what tells something, and as much as there is room for."""

import pytest

from quantumlayer.agents.context import is_read, most_relevant


@pytest.mark.parametrize(
    "path",
    ["package-lock.json", "web/pnpm-lock.yaml", "Cargo.lock", "uv.lock", "go.sum", "yarn.lock",
     "requirements-dev.txt", "npm-shrinkwrap.json", "gradle.lockfile"],
)  # fmt: skip
def test_locks_are_shown_to_who_is_pointed_to_them_alone(path: str) -> None:
    texts = {"src/a.py": "a", path: "locked"}
    assert most_relevant(texts, "", 100) == ({"src/a.py": "a"}, [path])
    assert most_relevant(texts, f"{path}: wrong", 100) == (texts, [])


@pytest.mark.parametrize("path", ["src/lock.py", "src/locks.ts", "src/block.json", "package.json"])
def test_what_is_only_called_like_a_lock_is_shown(path: str) -> None:
    assert is_read(path)


def test_what_the_caller_calls_unread_is_named_and_not_shown() -> None:
    texts = {"k8s/service.yaml": "kind: Service", "src/a.py": "a"}
    assert most_relevant(texts, "", 100, {"k8s/service.yaml"}) == (
        {"src/a.py": "a"},
        ["k8s/service.yaml"],
    )
