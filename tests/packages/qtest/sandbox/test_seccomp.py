"""The shape of the filter program; what it does is tried in test_bubblewrap.py."""

import struct

import pytest

from quantumlayer.qtest.sandbox.seccomp import ARCHITECTURES, filter_program

INSTRUCTION_BYTES = 8
LONGEST_PROGRAM = 4096


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_every_jump_lands_inside_and_every_path_ends(machine: str) -> None:
    program = filter_program(machine)
    assert program is not None
    assert len(program) % INSTRUCTION_BYTES == 0
    instructions = list(struct.iter_unpack("<HBBI", program))
    assert len(instructions) <= LONGEST_PROGRAM
    for position, (_, if_true, if_false, _) in enumerate(instructions):
        assert position + 1 + max(if_true, if_false) <= len(instructions)
    assert instructions[-1][0] == 0x06


def test_an_unknown_machine_has_no_filter() -> None:
    assert filter_program("sparc64") is None
