"""Wishes about how something is made that need no file: what it is made with is what was wished."""

from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.requirements import Requirement, RequirementCategory
from quantumlayer.qlayer.stacks import is_said, serves, spoken, stack


def fulfilled(wish: Requirement, blueprint: Blueprint) -> str:
    """What fulfils a wish, in a sentence; empty where it is none, or needs files of its own."""
    if wish.category is not RequirementCategory.WISH:
        return ""
    words = f"{wish.statement} {wish.source}"
    if blueprint.stack:
        own = stack(blueprint.stack)
        return f"It is what the stack is: {own.title}." if serves(own, words) else ""
    if is_said(blueprint.language.value, spoken(words)):
        return "It is the language that all is written in."
    return ""
