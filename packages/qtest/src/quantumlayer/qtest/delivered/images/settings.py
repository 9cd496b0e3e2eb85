"""The files that tell buildah where it keeps things, and what it gives to the steps of a build."""

import json
import os
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.images.system_calls import system_call_filter
from quantumlayer.qtest.delivered.nesting import WORK, python_words
from quantumlayer.qtest.environments.toml_text import toml_text
from quantumlayer.qtest.registries.endpoints import Endpoint, authority

SETTINGS = PurePosixPath("settings")
FILES = WORK / SETTINGS
PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What Docker gives to root of a container, but for what the filter refuses.
CAPABILITIES = (
    "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETFCAP", "SETGID",
    "SETPCAP", "SETUID",
)  # fmt: skip
REGISTRIES = "CONTAINERS_REGISTRIES_CONF"
USUAL_REGISTRIES = Path("/etc/containers/registries.conf")
POLICY = Path("/etc/containers/policy.json")
BUNDLES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/certs/ca-bundle.crt"))
HTTPS = 443

# buildah has no way of telling steps something that the image is not told.
RUNTIME = f"""#!/bin/sh
case " $* " in
*" create "*) {shlex.join(python_words("step_container.py"))} {FILES / "variables.json"} "$@" ;;
esac
exec runc "$@"
"""


def written(
    work: Path, *, stores: Sequence[PurePosixPath] = (), variables: Mapping[str, str] | None = None
) -> None:
    """Write them into the work folder.

    `stores` hold images beside those that are made, `variables` are told to the steps of a build,
    below what the image itself says. Raises CannotTell for settings of this machine that cannot be
    read.
    """
    folder = work / SETTINGS
    folder.mkdir(exist_ok=True)
    for name in ("storage", "run", "tmp"):
        (work / name).mkdir(exist_ok=True)
    storage = {"driver": "overlay", "graphroot": str(WORK / "storage"),
               "runroot": str(WORK / "run"),
               "options": {"additionalimagestores": [str(each) for each in stores]}}  # fmt: skip
    containers = {
        "containers": {
            "default_capabilities": list(CAPABILITIES), "http_proxy": False,
        }
    }  # fmt: skip
    (folder / "storage.conf").write_text(toml_text({"storage": storage}))
    (folder / "containers.conf").write_text(toml_text(containers))
    (folder / "registries.conf").write_text(toml_text(
        {"unqualified-search-registries": ["docker.io"], "registry": registries_here()}
    ))  # fmt: skip
    policy = {"default": [{"type": "insecureAcceptAnything"}]}
    own = POLICY.read_text() if POLICY.is_file() else json.dumps(policy)
    (folder / "variables.json").write_text(json.dumps(dict(variables or {})))
    (folder / "runtime").write_text(RUNTIME)
    (folder / "runtime").chmod(0o755)
    (folder / "policy.json").write_text(own)
    (folder / "filter.json").write_text(json.dumps(system_call_filter() or {}))
    bundle = certificates()
    (folder / "certificates.crt").write_bytes(bundle.read_bytes() if bundle else b"")


def environment() -> dict[str, str]:
    """By which buildah and runc find those files, and nothing of the machine's."""
    return {
        "PATH": PROGRAMS, "HOME": str(WORK / "tmp"), "TMPDIR": str(WORK / "tmp"),
        "XDG_RUNTIME_DIR": str(WORK / "run"), "LANG": "C.UTF-8",
        "BUILDAH_ISOLATION": "oci", "BUILDAH_RUNTIME": "runc",
        "CONTAINERS_CONF": str(FILES / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(FILES / "storage.conf"),
        REGISTRIES: str(FILES / "registries.conf"),
        "SSL_CERT_FILE": str(FILES / "certificates.crt"),
    }  # fmt: skip


def certificates() -> Path | None:
    """Those that this machine trusts, in one file."""
    named = child_environment(Group.TRUST).get("SSL_CERT_FILE")
    candidates = (*((Path(named),) if named else ()), *BUNDLES)
    return next((path for path in candidates if path.is_file()), None)


def registries_here() -> list[dict[str, Any]]:
    """Where this machine gets images from, as its operator says. Raises CannotTell."""
    named = os.environ.get(REGISTRIES)
    main = Path(named) if named else USUAL_REGISTRIES
    beside = () if named else sorted(main.with_name(f"{main.name}.d").glob("*.conf"))
    found: list[dict[str, Any]] = []
    for path in (main, *beside):
        try:
            table = tomllib.loads(path.read_text()) if path.is_file() else {}
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise CannotTell(f"{path} cannot be read: {error}") from error
        found += [one for one in table.get("registry", []) if isinstance(one, dict)]
    return found


def endpoints_here() -> frozenset[Endpoint]:
    """The registries that the operator names, wherever they are."""
    places = [
        str(place.get("location", ""))
        for one in registries_here()
        for place in (one, *(each for each in one.get("mirror", []) if isinstance(each, dict)))
    ]
    found = (authority(place.partition("/")[0], HTTPS) for place in places)
    return frozenset(endpoint for endpoint in found if endpoint)
