"""What goes in and out."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class NewNote(BaseModel):
    """A note as it is sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text


class Note(NewNote):
    """A note as it is kept."""

    id: int
