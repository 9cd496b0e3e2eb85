"""Where crates come from is not for a project's settings to say; how they are compiled is."""

import tomllib

import pytest

from quantumlayer.manifests import FilesInMemory
from quantumlayer.qtest.runners.rust_settings import settings_without_registries

MIRROR = """
[source.crates-io]
replace-with = "near"
[source.near]
registry = "sparse+https://mirror.invalid/index/"
"""
VENDORED = """
[source.crates-io]
replace-with = "vendored-sources"
[source.vendored-sources]
directory = "vendor"
"""


def left_of(path: str, text: str) -> object:
    """What is put in its place, as cargo reads it; None where it stays."""
    found = settings_without_registries(FilesInMemory({path: text.encode()}))
    return tomllib.loads(found[path]) if path in found else None


@pytest.mark.parametrize("path", [".cargo/config.toml", ".cargo/config", "a/.cargo/config.toml"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MIRROR, {}),
        (
            f"{MIRROR}[build]\nrustflags = ['--cfg', 'x']\n",
            {"build": {"rustflags": ["--cfg", "x"]}},
        ),
        ("[registry]\ndefault = 'ours'\n[env]\nA = 'b'\n", {"env": {"A": "b"}}),
        ("[http]\nproxy = 'p:1'\n[alias]\nt = 'test'\n", {"alias": {"t": "test"}}),
        ("[build]\nrustc-wrapper = 'sccache'\njobs = 2\n", {"build": {"jobs": 2}}),
        (VENDORED, None),
        ("[target.'cfg(unix)']\nrustflags = ['-C', 'opt-level=1']\n", None),
        ("[build\n", None),
    ],
)
def test_only_what_says_where_crates_are_is_taken_out(
    path: str, text: str, expected: object
) -> None:
    assert left_of(path, text) == expected


def test_files_of_other_names_stay() -> None:
    assert left_of("config.toml", MIRROR) is None
    assert left_of("src.cargo/config.toml", MIRROR) is None
