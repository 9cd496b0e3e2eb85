"""What every noun of the data flow has in common: frozen, closed, with a schema version."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

SCHEMA_VERSION = 1

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
"""A name of a project or a command: `library-service`."""


class Noun(BaseModel):
    """A frozen value that flows between agents."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def slug(text: str, *, fallback: str = "application") -> str:
    """`text` as a Slug: lower case, words joined by single hyphens, at most 40 characters."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    joined = "-".join(words)[:40].strip("-")
    return joined if joined and joined[0].isalpha() else fallback
