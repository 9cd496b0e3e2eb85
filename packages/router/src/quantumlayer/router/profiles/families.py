"""The profile of a model: what settings say of it, else its family, else what is safe."""

import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, JsonValue

from quantumlayer.router.profiles.catalogue import ModelFacts
from quantumlayer.router.profiles.profile import Profile

Facts = Mapping[str, JsonValue]


class _Family(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")

    names: tuple[str, ...]

    @property
    def facts(self) -> Facts:
        return self.model_extra or {}


def profile_of(
    model: str, known: ModelFacts | None = None, overrides: Mapping[str, Facts] | None = None
) -> Profile:
    """The profile of `model`, a name such as `openai/gpt-5`.

    `overrides` are facts by name or pattern, as settings have them; the more exact one wins.
    `known` is what the price map knows of this very model: its sizes go before the family's, and
    the rest fills in where no family says anything. Raises `ValueError` (pydantic's) for an
    override that no profile has.
    """
    family = _family_facts(model)
    facts = {**_known(known), **family, **_sizes(known), **_override(model, overrides or {})}
    return Profile.model_validate(facts)


def fits(pattern: str, model: str) -> bool:
    """Whether a name fits a pattern of families: with a slash all of it, else its last part."""
    name = model.lower()
    return fnmatchcase(name if "/" in pattern else name.rpartition("/")[2], pattern.lower())


def _family_facts(model: str) -> Facts:
    facts: dict[str, JsonValue] = {}
    for family in _families():
        if any(fits(pattern, model) for pattern in family.names):
            facts.update(family.facts)
    return facts


def _override(model: str, overrides: Mapping[str, Facts]) -> Facts:
    fitting = [name for name in overrides if name == model or fits(name, model)]
    facts: dict[str, JsonValue] = {}
    for name in sorted(fitting, key=lambda name: (name == model, len(name))):
        facts.update(overrides[name])
    return facts


def _sizes(known: ModelFacts | None) -> Facts:
    sizes = {} if known is None else known.sizes
    return {name: size for name, size in sizes.items() if size is not None}


def _known(known: ModelFacts | None) -> Facts:
    abilities = {} if known is None else known.abilities
    return {name: value for name, value in abilities.items() if value is not None}


@cache
def _families() -> tuple[_Family, ...]:
    text = (files(__package__) / "families.toml").read_text(encoding="utf-8")
    families = tuple(_Family.model_validate(each) for each in tomllib.loads(text)["families"])
    for family in families:
        Profile.model_validate(family.facts)
    return families
