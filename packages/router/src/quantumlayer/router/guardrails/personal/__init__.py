"""Personal data: found, masked in what a model gets, put back into what it answers."""

from quantumlayer.router.guardrails.personal.finding import Finder, PersonalDatum
from quantumlayer.router.guardrails.personal.module import PersonalData

__all__ = ["Finder", "PersonalData", "PersonalDatum"]
