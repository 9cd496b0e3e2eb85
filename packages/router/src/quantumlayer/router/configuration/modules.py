"""The guardrails of a configuration, made ready."""

from dataclasses import is_dataclass
from typing import Any

from pydantic import JsonValue, TypeAdapter, ValidationError

from quantumlayer.router.configuration.model import Configuration
from quantumlayer.router.configuration.problems import said_in, wrong
from quantumlayer.router.guardrails import Maker, Module, available_modules


def module_of(configuration: Configuration, name: str) -> Module:
    """The module of that name; raises `ConfigurationError` for what cannot be made."""
    wanted = configuration.modules[name]
    path = ("modules", name)
    makers = available_modules()
    if wanted.module not in makers:
        there = ", ".join(sorted(makers))
        raise wrong((*path, "module"), f"there is no module {wanted.module!r}; there is {there}")
    settings = {"name": name, **wanted.settings}
    if wanted.timeout_milliseconds is not None:
        settings["limit_milliseconds"] = wanted.timeout_milliseconds
    try:
        return _made(makers[wanted.module], settings)
    except ValidationError as error:
        raise wrong((*path, "settings"), said_in(error)) from None
    except (TypeError, ValueError) as error:
        said = f"{wanted.module} cannot be set like this: {error}"
        raise wrong((*path, "settings"), said) from None


def _made(maker: Maker, settings: dict[str, JsonValue]) -> Module:
    """The module; settings of those that say their types are read as these."""
    if not (isinstance(maker, type) and is_dataclass(maker)):
        return maker(**settings)
    typed: TypeAdapter[Any] = TypeAdapter(maker)
    module: Module = typed.validate_python(settings)
    return module
