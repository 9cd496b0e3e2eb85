"""What a deployment's tokens cost, as it is written down."""

from typing import Self

from pydantic import Field, model_validator

from quantumlayer.router.configuration.section import Dollars, Section


class _TokenPrices(Section):
    input: Dollars
    output: Dollars
    cached: Dollars | None = None
    cache_written: Dollars | None = None


class Tier(_TokenPrices):
    """What every token of a call costs, in and out, whose prompt has `from_tokens` or more."""

    from_tokens: int = Field(gt=0)


class Price(_TokenPrices):
    """Dollars for a million tokens; without one the catalogue's is taken.

    Its own prices are those of prompts that no tier begins at.
    """

    tiers: tuple[Tier, ...] = ()

    @model_validator(mode="after")
    def _tiers_differ(self) -> Self:
        begins = [tier.from_tokens for tier in self.tiers]
        if twice := next((one for one in begins if begins.count(one) > 1), None):
            raise ValueError(f"two tiers begin at {twice:,} tokens: leave one of them out")
        return self
