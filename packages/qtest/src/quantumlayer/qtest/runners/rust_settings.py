"""Settings of a project for cargo, without those that say where crates come from.

Its tests are built offline from what was fetched for them, so a mirror that a project names would
only hide that. Flags, variables and targets stay: the code may not compile without them.
"""

import tomllib

from quantumlayer.manifests import ProjectFiles, uses_vendored_sources
from quantumlayer.qtest.environments.toml_text import toml_text

SETTINGS = (".cargo/config.toml", ".cargo/config")
OF_REGISTRIES = frozenset({"source", "registries", "registry", "http", "net", "credential-alias"})
# Programs around the compiler that make it quicker where they are.
WRAPPERS = frozenset({"rustc-wrapper", "rustc-workspace-wrapper"})


def settings_without_registries(files: ProjectFiles) -> dict[str, str]:
    """The settings that have to be other ones, by path; those with sources of their own stay.

    What is no TOML is left for cargo to refuse.
    """
    found: dict[str, str] = {}
    for path in files.paths():
        if not f"/{path}".endswith(tuple(f"/{name}" for name in SETTINGS)):
            continue
        try:
            given = tomllib.loads((files.content(path) or b"").decode("utf-8", errors="replace"))
        except tomllib.TOMLDecodeError:
            continue
        kept = {name: table for name, table in given.items() if name not in OF_REGISTRIES}
        build = kept.get("build")
        if isinstance(build, dict):
            kept["build"] = {name: said for name, said in build.items() if name not in WRAPPERS}
        if kept != given and not uses_vendored_sources(files, path):
            found[path] = toml_text(kept)
    return found
