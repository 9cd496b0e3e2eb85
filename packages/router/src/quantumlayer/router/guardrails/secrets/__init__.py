"""Keys, tokens, passwords and private keys: none leaves for a model, none comes back."""

from quantumlayer.router.guardrails.secrets.finding import Secret, find
from quantumlayer.router.guardrails.secrets.module import Remedy, Secrets

__all__ = ["Remedy", "Secret", "Secrets", "find"]
