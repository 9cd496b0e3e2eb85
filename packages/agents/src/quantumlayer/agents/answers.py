"""What each role must answer, as types: the router asks again until an answer fits."""

from typing import Annotated, Any, Self

from pydantic import Field, WithJsonSchema, model_validator
from pydantic.json_schema import SkipJsonSchema

from quantumlayer.qlayer import Noun
from quantumlayer.qlayer.requirements import GENERATED, Requirements, Unclear


def _requirements_schema() -> dict[str, Any]:
    """Requirements without what belongs to a model's own forms."""
    schema = Requirements.model_json_schema()
    used = {"ApplicationKind", "Language", "Requirement", "RequirementCategory", "Unclear"}
    for name in ("domain", "retired", "schema_version"):
        schema["properties"].pop(name)
    definitions = schema.pop("$defs")
    definitions["Language"]["enum"] = [one.value for one in GENERATED]
    inlined: dict[str, Any] = _inlined(schema, {name: definitions[name] for name in used})
    return inlined


def _inlined(value: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        if "$ref" in value:
            return _inlined(definitions[value["$ref"].rsplit("/", 1)[1]], definitions)
        return {key: _inlined(member, definitions) for key, member in value.items()}
    if isinstance(value, list):
        return [_inlined(member, definitions) for member in value]
    return value


class AnalystAnswer(Noun):
    """Requirements, or a refusal that says what was not understood and what can be built."""

    refusal: str | None = Field(default=None, max_length=2000)
    requirements: Annotated[
        Requirements | None,
        WithJsonSchema({"anyOf": [_requirements_schema(), {"type": "null"}]}),
    ] = None

    # The parts that a refusal is about, quoted, each with what could be written instead: of models
    # that know them exactly. Language models are shown no such member and say it all in `refusal`.
    not_understood: SkipJsonSchema[tuple[Unclear, ...]] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.refusal is None) == (self.requirements is None):
            raise ValueError("give either requirements or a refusal")
        if self.requirements is not None and self.not_understood:
            raise ValueError("`not_understood` belongs into the requirements")
        return self
