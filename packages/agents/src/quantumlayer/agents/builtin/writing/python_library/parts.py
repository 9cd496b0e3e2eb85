"""Which family writes which block."""

from functools import lru_cache

from quantumlayer.agents.builtin.writing.python_library.catalogue_blocks import catalogue_part
from quantumlayer.agents.builtin.writing.python_library.checks import check_part
from quantumlayer.agents.builtin.writing.python_library.classes import amount_part, value_part
from quantumlayer.agents.builtin.writing.python_library.part import Part
from quantumlayer.agents.builtin.writing.python_library.units import units_part
from quantumlayer.qlayer.requirements.library import (
    AmountBlock,
    CatalogueBlock,
    CheckBlock,
    LibraryBlock,
    LibraryDomain,
    UnitsBlock,
)


def part_of(block: LibraryBlock) -> Part:
    """The code and the tests of one block."""
    match block:
        case CatalogueBlock():
            return catalogue_part(block)
        case UnitsBlock():
            return units_part(block)
        case CheckBlock():
            return check_part(block)
        case AmountBlock():
            return amount_part(block)
        case _:
            return value_part(block)


@lru_cache(maxsize=64)
def parts_of(library: LibraryDomain) -> tuple[Part, ...]:
    """The parts of a library in the order of its blocks."""
    return tuple(part_of(block) for block in library.blocks)
