"""The gateway's configuration: one YAML file, read whole or refused with its lines."""

from quantumlayer.gateway.configuration.changes import (
    Change,
    Changes,
    ChangesInFile,
    Overtaken,
)
from quantumlayer.gateway.configuration.live import Live
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
    "Change",
    "Changes",
    "ChangesInFile",
    "Configuration",
    "ConfigurationError",
    "Deployment",
    "Key",
    "Live",
    "ModelGroup",
    "Module",
    "Organisation",
    "Overtaken",
    "Place",
    "Price",
    "Problem",
    "Project",
    "Provider",
    "Rates",
    "read_file",
    "read_text",
]
