"""Names in generated JavaScript: cases, reserved words, and what modules export."""

from dataclasses import dataclass
from functools import lru_cache

from quantumlayer.builtin.writing.naming import kebab, names_in, pascal
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView

RESERVED = names_in(
    "arguments async await boolean break case catch class const continue debugger default delete"
    " do else enum eval export extends false finally for function get if implements import in"
    " instanceof interface let new null of package private protected public return set static"
    " super switch this throw true try typeof undefined var void while with yield"
)
_TYPES = names_in(
    "Array Check Checks Date Error Map Object Partial Problem Promise Record Scope Set Stored Table"
    " Tables Values"
)
_VARIABLES = names_in(
    "after before check counted dayOf each group isDeepStrictEqual known limit met momentOf now"
    " other others record same scope sumUnits table tables toUnits total users"
)


@dataclass(frozen=True)
class Names:
    """How one entity is called in code."""

    folder: str
    type: str
    """Its type: `LoanItem`."""
    variable: str
    """One record: `loanItem`."""
    table: str
    """Its table among the tables: `loanItems`."""
    resource: str
    rules: str
    maker: str
    """Its method of the factory of test data."""


@lru_cache(maxsize=8)
def names_of(view: ServiceView) -> dict[str, Names]:
    """The names of all entities, by the name of the entity."""
    types = {entity.name for entity in view.entities}
    return {entity.name: _names(entity, types) for entity in view.entities}


def camel(name: str) -> str:
    """`loan_item` or `LoanItem` as `loanItem`."""
    whole = pascal(name)
    return whole[:1].lower() + whole[1:]


def unreserved(name: str, taken: frozenset[str] = frozenset()) -> str:
    """`name`, or with `Record` behind it where that is a word of the language or taken."""
    return f"{name}Record" if name in RESERVED or name in taken else name


def _names(entity: EntityView, types: set[str]) -> Names:
    one = camel(entity.name)
    colliding = entity.name in _TYPES or entity.name.removesuffix("Write") in types - {entity.name}
    return Names(
        folder=kebab(entity.table),
        type=f"{entity.name}Record" if colliding else entity.name,
        variable=unreserved(one, _VARIABLES),
        table=camel(entity.table),
        resource=f"{one}Resource",
        rules=f"{one}Rules",
        maker=one,
    )
