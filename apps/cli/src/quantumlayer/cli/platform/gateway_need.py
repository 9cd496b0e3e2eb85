"""Whether this platform has a gateway, and whether its configuration can be used."""

from __future__ import annotations

from quantumlayer.cli.platform.environment import inherited_environment
from quantumlayer.cli.platform.gateway import gateway_configuration, is_gateway_wanted
from quantumlayer.cli.platform.needs import Need
from quantumlayer.core.settings import PlatformSettings

_NAME = "gateway"


def gateway_need(settings: PlatformSettings) -> Need:
    """What the gateway serves, or why there is none."""
    if not settings.gateway:
        return Need(_NAME, met=True, essential=False, found="switched off by QL_GATEWAY")
    if not is_gateway_wanted(settings):
        advice = "Run `make setup`, which installs quantumlayer-gateway."
        return Need(_NAME, met=False, essential=False, found="not installed", advice=advice)
    file = gateway_configuration(settings)
    if not file.exists() and settings.gateway_config is None:
        found = f"its configuration is made at the first start: {file}"
        return Need(_NAME, met=True, essential=False, found=found)
    return _served(settings)


def _served(settings: PlatformSettings) -> Need:
    from quantumlayer.router.configuration import (  # noqa: PLC0415 - it brings the router along
        ConfigurationError,
        read_file,
    )

    file = gateway_configuration(settings)
    try:
        configuration = read_file(file, inherited_environment())
    except ConfigurationError as error:
        found = str(error).partition("\n")[0]
        advice = f"Mend it; `quantumlayer gateway check {file}` shows all that is wrong."
        return Need(_NAME, met=False, essential=False, found=found, advice=advice)
    models = ", ".join(configuration.models) or "no model"
    return Need(_NAME, met=True, essential=False, found=f"serves {models} ({file})")
