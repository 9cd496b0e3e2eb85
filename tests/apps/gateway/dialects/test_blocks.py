"""A reply's pieces as blocks, however a provider mixes them."""

from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.gateway.dialects.blocks import Begun, Blocks, Ended, More
from quantumlayer.router.deltas import Delta, ReasoningDelta, TextDelta, ToolCallDelta

ARGUMENTS = ('{"x": 1}', '{"y": {"z": "}"}}', "")


@st.composite
def mixed(draw: st.DrawFn) -> list[Delta]:
    """Words, thoughts and three calls, each in order, in pieces mixed at random."""
    queues: list[list[Delta]] = [
        [TextDelta("one "), TextDelta("two")],
        [ReasoningDelta("hm "), ReasoningDelta("well"), ReasoningDelta(signature="proof")],
    ]
    for index, text in enumerate(ARGUMENTS):
        size = draw(st.integers(1, 9))
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        begun = ToolCallDelta(index, f"call_{index}", f"tool_{index}")
        queues.append([begun, *(ToolCallDelta(index, arguments=piece) for piece in pieces)])
    order = draw(st.permutations([n for n, queue in enumerate(queues) for _ in queue]))
    return [queues[n].pop(0) for n in order]


@given(mixed())
def test_one_block_is_open_at_a_time_and_nothing_is_lost(deltas: list[Delta]) -> None:
    blocks = Blocks()
    opened: list[int] = []
    said: dict[int, str] = {}
    steps = [step for delta in deltas for step in blocks.take(delta)] + list(blocks.end())
    for step in steps:
        match step:
            case Begun(block=block):
                assert block.index == len(said)
                assert not opened
                opened.append(block.index)
                said[block.index] = ""
            case More(block=block, text=text):
                assert opened == [block.index]
                said[block.index] += text
            case Ended(block=block):
                assert opened.pop() == block.index
    assert not opened
    assert [said[block.index] for block in blocks.all] == [block.text for block in blocks.all]
    words = [block.text for block in blocks.all if block.kind == "text"]
    assert "".join(words) == "one two"
    thoughts = [block for block in blocks.all if block.kind == "thought"]
    assert "".join(block.text for block in thoughts) == "hm well"
    assert [block.signature for block in thoughts if block.signature] == ["proof"]
    calls = {block.id: (block.name, block.text) for block in blocks.all if block.kind == "call"}
    assert calls == {
        f"call_{index}": (f"tool_{index}", text) for index, text in enumerate(ARGUMENTS)
    }
