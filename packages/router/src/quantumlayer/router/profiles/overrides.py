"""What a deployment says about its models, in a file of its own."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue, TypeAdapter, ValidationError

from quantumlayer.router.profiles.profile import Profile

Overrides = Mapping[str, Mapping[str, JsonValue]]
_FILE: TypeAdapter[Overrides] = TypeAdapter(Overrides)


def read_overrides(path: Path) -> Overrides:
    """Facts of `Profile` by a model's name or pattern, from TOML or (`.json`) JSON.

    Raises `ValueError`, which names the file and what in it no profile has, and `OSError`.
    """
    text = path.read_text(encoding="utf-8")
    try:
        read = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        overrides = _FILE.validate_python(read)
        for facts in overrides.values():
            Profile.model_validate(facts)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(map(str, problem["loc"]))
        raise ValueError(f"{path}: {place}: {problem['msg']}") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return overrides
