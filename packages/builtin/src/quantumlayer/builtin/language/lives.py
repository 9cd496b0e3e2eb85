"""The meaning of what is said of a declared field: the steps of a life, a default, its choices."""

from quantumlayer.builtin.language import specs
from quantumlayer.builtin.language.said import Assigned, Life, Said, Spec
from quantumlayer.builtin.language.tokens import Lexeme, atoms
from quantumlayer.builtin.language.words import noun


def life_of(*parts: object) -> Said:
    """ "Status goes from open to closed"; the field may be named with its entity before it."""
    names, stops = parts[:-1], tuple(part for part in parts if isinstance(part, tuple))[-1]
    words = atoms(tuple(each for each in names if isinstance(each, Lexeme)))
    return (Life(words, stops),)


def life_of_owner(*parts: object) -> Said | None:
    """ "The status of an order goes from …": the owner is named last."""
    names, stops = parts[:-1], tuple(part for part in parts if isinstance(part, tuple))[-1]
    lexemes = [each for each in names if isinstance(each, Lexeme)]
    return (Life(atoms((*lexemes[1:], lexemes[0])), stops),)


def life_from(to: Lexeme, origins: tuple[str, ...]) -> Said:
    """ "Cancelled only from draft or sent": one more step of the life told before."""
    return (Life((), (origins, (specs.value(to) or "",))),)


def life_on(origins: tuple[str, ...], to: tuple[str, ...]) -> Said:
    """ "… and from done back to open"."""
    return (Life((), (origins, to)),)


def assigned(*parts: object) -> Said:
    """ "The enrollment date defaults to today"."""
    names, constant = parts[:-1], tuple(part for part in parts if isinstance(part, tuple))[-1]
    words = atoms(tuple(each for each in names if isinstance(each, Lexeme)))
    spec: Spec = specs.default(constant)
    return (Assigned(words, spec),)


def choices_assigned(*parts: object) -> Said:
    """ "There are three plans: small, medium and large"."""
    said = (each for each in parts if isinstance(each, Lexeme) and "NUMBER" not in each.kinds)
    found = next(part for part in parts if isinstance(part, tuple))
    return (Assigned(noun(atoms(tuple(said))), found),)
