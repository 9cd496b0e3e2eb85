"""No edit breaks a file that parsed; one that was broken before may stay so."""

from collections.abc import Mapping

from quantumlayer.agents.edits import Replace, Write, apply_gated

TEXTS = {"a.txt": "(one)\n(two)\n", "b.txt": "(open\n"}


async def brackets(texts: Mapping[str, str]) -> dict[str, str]:
    return {
        path: "line 1: a bracket is open"
        for path, text in texts.items()
        if text.count("(") != text.count(")")
    }


async def test_the_edit_that_breaks_a_file_is_refused_with_the_place() -> None:
    good, bad = Replace("a.txt", "one", "ONE"), Replace("a.txt", "(two)", "(TWO")
    applied = await apply_gated(TEXTS, [bad, good], brackets)
    assert applied.changed == {"a.txt": "(ONE)\n(two)\n"}
    assert [refusal.edit for refusal in applied.refused] == [bad]
    assert "a.txt: with this edit it would not parse any more: line 1" in applied.reasons


async def test_edits_that_only_together_parse_are_applied_together() -> None:
    edits = [Replace("a.txt", "(one)", "(one"), Replace("a.txt", "(two)", "(two))")]
    applied = await apply_gated(TEXTS, edits, brackets)
    assert applied.changed == {"a.txt": "(one\n(two))\n"}


async def test_a_file_that_did_not_parse_may_be_edited() -> None:
    applied = await apply_gated(TEXTS, [Replace("b.txt", "open", "still open")], brackets)
    assert applied.changed == {"b.txt": "(still open\n"}
    assert not applied.refused


async def test_a_file_that_breaks_twice_in_a_row_is_asked_for_whole() -> None:
    bad = Replace("a.txt", "(two)", "(TWO")
    first = await apply_gated(TEXTS, [bad], brackets)
    again = await apply_gated(TEXTS, [bad], brackets, first.failing)
    assert "give the whole file" in again.reasons
    whole = await apply_gated(TEXTS, [Write("a.txt", "(whole)\n")], brackets, again.failing)
    assert whole.failing == {}


async def test_a_whole_file_is_taken_as_it_is_once_it_was_asked_for() -> None:
    odd = Write("a.txt", "(odd\n")
    assert not (await apply_gated(TEXTS, [odd], brackets)).changed
    assert (await apply_gated(TEXTS, [odd], brackets, {"a.txt": 2})).changed == {"a.txt": "(odd\n"}
