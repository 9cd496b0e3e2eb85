"""The personas: who writes which file of a plan, and what each of them watches for."""

from quantumlayer.agents.personas.casting import REVIEWER, Persona, cast, persona, personas

__all__ = ["REVIEWER", "Persona", "cast", "persona", "personas"]
