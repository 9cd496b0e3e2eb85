"""Where Go gets modules from, as Go itself says: proxies only, no version control."""

import json

from quantumlayer.qtest.environments.access.learning import named_hosts
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.registries.endpoints import Registries, endpoint_of, endpoints_of
from quantumlayer.qtest.registries.model import Access

ASKED = ("GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE")


async def go_access() -> Access:
    """Raises ToolMissing."""
    said: dict[str, str] = json.loads(ask("go", "env", "-json", *ASKED))
    proxies = [word for word in said["GOPROXY"].replace("|", ",").split(",") if "://" in word]
    sums = said["GOSUMDB"].split()
    # NAME, NAME+KEY or NAME+KEY URL: the database is at its URL, or else at its name.
    places = sums[1:] or [f"https://{name.split('+')[0]}" for name in sums if name != "off"]
    named = endpoints_of([*proxies, *places]) | named_hosts()
    variables = {
        **said,
        "GOPROXY": ",".join(proxies) or "off",
        # What is private would be fetched around the proxy, by version control.
        "GONOPROXY": "none",
        "GOENV": "off",
        "GOVCS": "*:off",
        "GOTOOLCHAIN": "local",
        "GOTELEMETRY": "off",
        "GOFLAGS": "-modcacherw",
    }
    plain = all(endpoint_of(proxy) for proxy in proxies)
    if not plain:
        variables["GOPROXY"] = ",".join(proxy for proxy in proxies if endpoint_of(proxy)) or "off"
    return Access(Registries(named), variables)
