"""A deployment's configuration: one YAML file, read whole or refused with its lines."""

from quantumlayer.router.configuration.merging import Patch
from quantumlayer.router.configuration.model import (
    Agents,
    Audit,
    Budget,
    Cache,
    Configuration,
    Deployment,
    Key,
    ModelGroup,
    Module,
    Organisation,
    Project,
    Provider,
    Rates,
    Routes,
    Semantic,
    Strategy,
)
from quantumlayer.router.configuration.prices import Price
from quantumlayer.router.configuration.problems import ConfigurationError, Place, Problem
from quantumlayer.router.configuration.reading import placed, read_file, read_text

__all__ = [
    "Agents",
    "Audit",
    "Budget",
    "Cache",
    "Configuration",
    "ConfigurationError",
    "Deployment",
    "Key",
    "ModelGroup",
    "Module",
    "Organisation",
    "Patch",
    "Place",
    "Price",
    "Problem",
    "Project",
    "Provider",
    "Rates",
    "Routes",
    "Semantic",
    "Strategy",
    "placed",
    "read_file",
    "read_text",
]
