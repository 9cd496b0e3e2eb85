"""Hate, threats, abuse and profanity: told apart, and refused where that is asked for."""

from quantumlayer.router.guardrails.abuse.finding import Category, categories
from quantumlayer.router.guardrails.abuse.module import Abuse

__all__ = ["Abuse", "Category", "categories"]
