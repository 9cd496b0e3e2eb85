"""The gateway's configuration: one YAML file, read whole or refused with its lines."""

from quantumlayer.gateway.configuration.model import (
    Budget,
    Cache,
    Configuration,
    Deployment,
    Key,
    ModelGroup,
    Module,
    Organisation,
    Price,
    Project,
    Provider,
    Rates,
)
from quantumlayer.gateway.configuration.problems import ConfigurationError, Place, Problem
from quantumlayer.gateway.configuration.reading import read_file, read_text

__all__ = [
    "Budget",
    "Cache",
    "Configuration",
    "ConfigurationError",
    "Deployment",
    "Key",
    "ModelGroup",
    "Module",
    "Organisation",
    "Place",
    "Price",
    "Problem",
    "Project",
    "Provider",
    "Rates",
    "read_file",
    "read_text",
]
