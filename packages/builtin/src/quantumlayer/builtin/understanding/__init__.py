"""The built-in analyst: English, and broken English, to requirements. Rules, no language model."""

from quantumlayer.builtin.understanding.kind import describes_records, kind_of
from quantumlayer.builtin.understanding.prompt import Prompt, read_prompt
from quantumlayer.builtin.understanding.refusal import NotUnderstood
from quantumlayer.builtin.understanding.service import understand_service
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements

__all__ = ["NotUnderstood", "Prompt", "read_prompt", "understand"]


def understand(prompt: str, language: Language | None = None) -> Requirements:
    """The requirements of the HTTP service that a prompt describes; raises NotUnderstood."""
    read = read_prompt(prompt, language)
    kind = kind_of(read.plain)
    if kind is not ApplicationKind.SERVICE and not describes_records(read.plain, kind):
        raise NotUnderstood("The built-in model builds HTTP services alone.")
    return understand_service(read)
