"""Mutation testing: small changes to the code, and whether a test notices each."""

from quantumlayer.qtest.mutation.model import Mutant, MutantStatus, MutationExtent, MutationReport
from quantumlayer.qtest.mutation.running import MUTATION_LANGUAGES, measure_mutation

__all__ = [
    "MUTATION_LANGUAGES",
    "Mutant",
    "MutantStatus",
    "MutationExtent",
    "MutationReport",
    "measure_mutation",
]
