"""What all sections of a configuration are, and the values that stand in several of them."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
ModelName = Annotated[str, StringConstraints(pattern=r"^[^\s]{1,200}$")]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
KeyHash = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Dollars = Annotated[Decimal, Field(ge=0, max_digits=24, decimal_places=12)]


class Section(BaseModel):
    """A part of the document; keys that nobody knows are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
