"""Every hidden check holds of a small right program, and fails of each wrong one.

A check that cannot fail is a defect, and so is one that a right program cannot meet. One sentence
of each kind of program is proved in every run of the tests, and all of them by QL_EVALUATION=all.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from evaluation.checks.checking import wrong
from evaluation.sentence import Check, Sentence, sentences_of, sets
from quantumlayer.core.caches import cache_folder
from quantumlayer.qlayer.stacks import named, stack
from tests.evaluation.small_programs import started

ALL = [one for name in sets() for one in sentences_of(name)]
PROVED = (
    ALL
    if os.environ.get("QL_EVALUATION") == "all"
    else list({one.proof.is_a: one for one in ALL}.values())
)
_SLOW = {"page": "a browser for each", "library": "a toolchain for each"}


def ground(sentence: Sentence) -> dict[str, str]:
    """What the proof is laid over."""
    if not sentence.proof.starter:
        return {}
    return {file.path: file.text for file in named(stack(sentence.stack), "small").starter}


def _marked(sentence: Sentence, *parts: object, name: str) -> object:
    browser = any(
        step.__class__.__name__ == "Page" for one in sentence.checks for step in one.steps
    )
    slow = browser or sentence.proof.is_a in _SLOW
    marks = [pytest.mark.slow] if slow else []
    return pytest.param(sentence, *parts, id=name, marks=marks)


@pytest.mark.parametrize(
    "sentence", [_marked(each, name=f"{each.set}: {each.name}") for each in PROVED]
)
async def test_a_right_program_meets_all_checks(sentence: Sentence) -> None:
    proof = sentence.proof
    async with started(proof, proof.right, {**ground(sentence), **proof.files}) as program:
        for check in sentence.checks:
            assert await wrong(check, program, cache_folder()) == "", check.name


@pytest.mark.parametrize(
    ("sentence", "check", "change"),
    [
        _marked(one, check, change, name=f"{one.set}: {one.name}: {check.name}: {number}")
        for one in PROVED
        for check in one.checks
        for number, change in enumerate(check.wrong, 1)
    ],
)
async def test_a_wrong_program_fails_the_check(
    sentence: Sentence, check: Check, change: tuple[str, str]
) -> None:
    old, new = change
    proof = sentence.proof
    texts = {"": proof.right, **proof.files}
    assert any(old in text for text in texts.values()), f"{old!r} is nowhere in the right program"
    changed = {path: text.replace(old, new) for path, text in texts.items()}
    right = changed.pop("")
    async with started(proof, right, {**ground(sentence), **changed}) as program:
        assert await wrong(check, program, cache_folder()), f"nobody notices {new!r}"


def test_the_sets_cover_all_stacks() -> None:
    stacks = Counter(one.stack for one in sentences_of("stacks"))
    assert sum(stacks.values()) >= 30
    known = Path("packages/qlayer/src/quantumlayer/qlayer/stacks")
    folders = {folder.parent.name for folder in known.glob("*/stack.toml")}
    assert stacks.keys() == folders
    assert {"tiny", "small", "medium"} <= {one.size for one in sentences_of("stacks")}
