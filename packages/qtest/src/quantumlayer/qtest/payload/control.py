"""A test of ours that fails: what lets it pass would let anything pass."""

import os

import pytest
from _pytest.runner import runtestprotocol


def control(
    module: pytest.Module,
    following: pytest.Item,
    truths: dict[tuple[str, str], dict[str, object]],
) -> dict[str, object]:
    """A test of ours that fails, run through all hooks and fixtures that the others run through,
    and logged nowhere: what lets it pass would let anything pass.

    `skipped`: it was never called, since a mark of the module or a fixture skips whatever is here.
    That is no lie, and shows nothing.
    """
    session = module.session
    before = session.shouldstop, session.shouldfail, session.testsfailed

    def test() -> None:
        left, right = 1, 2
        raise AssertionError(f"assert {left} == {right}")

    name = f"test_{os.urandom(4).hex()}"
    test.__name__ = test.__qualname__ = name
    try:
        item = pytest.Function.from_parent(module, name=name, callobj=test)
        reports = runtestprotocol(item, log=False, nextitem=following)
    except Exception as error:  # noqa: BLE001 - a fixture may need what only real tests have
        return {"outcomes": [], "skipped": False, "error": repr(error)}
    finally:
        session.shouldstop, session.shouldfail, session.testsfailed = before
    truth = truths.get((item.nodeid, "setup"), {}).get("truth")
    called = any(report.when == "call" for report in reports)
    return {
        "outcomes": [report.outcome for report in reports],
        "skipped": truth == "skipped" and not called,
    }
