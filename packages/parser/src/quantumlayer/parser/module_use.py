"""What a file asks for from elsewhere."""

from pydantic import BaseModel, ConfigDict, Field


class ModuleUse(BaseModel):
    """One import: `module` as written, its place, and whether the program goes on without it.

    Python's relative imports keep their dots (`..models`); `names` are what is taken from it.
    `optional`: inside `try` with a way out, under TYPE_CHECKING or a condition on the platform.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    module: str
    line: int = Field(ge=1)
    column: int = Field(ge=1)
    names: tuple[str, ...] = ()
    optional: bool = False
