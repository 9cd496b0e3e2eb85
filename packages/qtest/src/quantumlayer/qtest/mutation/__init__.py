"""Mutation testing: small changes to the code, and whether a test notices each."""

from quantumlayer.qtest.mutation.model import Mutant, MutantStatus, MutationExtent, MutationReport
from quantumlayer.qtest.mutation.running import measure_mutation

__all__ = ["Mutant", "MutantStatus", "MutationExtent", "MutationReport", "measure_mutation"]
