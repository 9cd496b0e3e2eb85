"""What is installed for a project, and what is its own: manifests, locks, overrides."""

import json
from typing import Any

import pytest

from quantumlayer.manifests import FilesInMemory, NotUnderstood
from quantumlayer.manifests.javascript import (
    Installation,
    Link,
    Malformed,
    least_version,
    read_installation,
)

YARN = """# yarn lockfile v1

"@scope/a@^1.0.0", "@scope/a@^1.1.0":
  version "1.4.2"
  resolved "https://elsewhere.example/a.tgz"

b@^2.0.0:
  version "2.3.4"

b@^3.0.0:
  version "3.0.1"
"""
BERRY = """__metadata:
  version: 8

"@scope/a@npm:^1.0.0":
  version: 1.4.2
  resolution: "@scope/a@npm:1.4.2"

"b@npm:^2.0.0":
  version: 2.3.4

"own@workspace:.":
  version: 0.0.0-use.local
"""
PNPM = """lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      '@scope/a':
        specifier: ^1.0.0
        version: 1.4.2
      b:
        specifier: ^2.0.0
        version: 2.3.4(c@1.0.0)
packages:
  '@scope/a@1.4.2': {}
  b@2.3.4(c@1.0.0): {}
  c@1.0.0: {}
  c@2.0.0: {}
"""
WANTED = {"@scope/a": "^1.0.0", "b": "^2.0.0"}


def installation(manifest: dict[str, Any], **files: str) -> Installation:
    contents = {"package.json": json.dumps(manifest), **files}
    return read_installation(
        FilesInMemory({name: text.encode() for name, text in contents.items()})
    )


@pytest.mark.parametrize(
    ("name", "lock"), [("yarn.lock", YARN), ("yarn.lock", BERRY), ("pnpm-lock.yaml", PNPM)]
)
def test_versions_of_other_tools_locks_are_kept(name: str, lock: str) -> None:
    found = installation({"dependencies": WANTED}, **{name: lock})
    assert found.manifests["."]["dependencies"] == {"@scope/a": "1.4.2", "b": "2.3.4"}
    assert found.manifests["."]["overrides"]["@scope/a"] == "1.4.2"
    assert "c" not in found.manifests["."]["overrides"]
    assert found.notes == ()


def test_a_lock_that_cannot_be_read_is_told_and_not_used() -> None:
    found = installation({"dependencies": WANTED}, **{"pnpm-lock.yaml": "a: ["})
    assert found.manifests["."]["dependencies"] == WANTED
    assert found.notes == ("pnpm-lock.yaml could not be read and was not used.",)


def test_npms_lock_keeps_hashes_and_links_and_loses_addresses() -> None:
    lock = {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": {"b": "^2.0.0", "own": "file:lib"}},
            "node_modules/b": {
                "version": "2.3.4",
                "resolved": "http://a.example",
                "integrity": "x",
            },
            "node_modules/own": {"resolved": "lib", "link": True},
            "node_modules/out": {"resolved": "../out", "link": True},
            "lib": {"name": "own", "dependencies": {}},
        },
    }
    found = installation(
        {"dependencies": {"b": "^2.0.0", "own": "file:lib"}},
        **{"package-lock.json": json.dumps(lock), "lib/package.json": '{"name": "own"}'},
    )
    packages = found.lock["packages"]
    assert packages["node_modules/b"] == {"version": "2.3.4", "integrity": "x"}
    assert packages["node_modules/own"] == {"resolved": "lib", "link": True}
    assert "node_modules/out" not in packages
    assert packages[""]["dependencies"] == {"b": "^2.0.0"}
    assert found.links == (Link("own", "lib"),)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"overrides": {"c": "1.0.0"}}, {"c": "1.0.0"}),
        ({"resolutions": {"c": "1.0.0", "**/d": "2.0.0"}}, {"c": "1.0.0", "d": "2.0.0"}),
        ({"resolutions": {"b/@x/c": "1.0.0"}}, {"b": {"@x/c": "1.0.0"}}),
        ({"pnpm": {"overrides": {"b>c": "1.0.0"}}}, {"b": {"c": "1.0.0"}}),
    ],
)
def test_versions_that_are_insisted_on(fields: dict[str, Any], wanted: dict[str, Any]) -> None:
    found = installation({"devDependencies": {"b": "^2.0.0"}, **fields})
    assert found.manifests["."]["overrides"] == wanted


def test_what_is_insisted_on_of_a_direct_dependency_is_its_version() -> None:
    found = installation({"dependencies": WANTED, "resolutions": {"b": "2.9.9"}})
    assert found.manifests["."]["dependencies"]["b"] == "2.9.9"


def test_catalogues_of_pnpm() -> None:
    settings = "packages: []\ncatalog:\n  b: ^2.0.0\ncatalogs:\n  old:\n    c: ^1.0.0\n"
    found = installation(
        {"dependencies": {"b": "catalog:", "c": "catalog:old"}}, **{"pnpm-workspace.yaml": settings}
    )
    assert found.manifests["."]["dependencies"] == {"b": "^2.0.0", "c": "^1.0.0"}


def test_a_folder_may_lean_on_another_and_be_called_otherwise() -> None:
    found = installation(
        {"dependencies": {"first": "./one"}},
        **{
            "one/package.json": '{"name": "one", "dependencies": {"two": "link:../two", "b": "*"}}',
            "two/package.json": '{"name": "two"}',
        },
    )
    assert set(found.links) == {Link("first", "one"), Link("two", "two")}
    assert found.manifests["."]["workspaces"] == ["one", "two"]
    assert found.manifests["one"]["dependencies"] == {"b": "*"}
    assert found.fetches


@pytest.mark.parametrize("text", ["{", "[]", '{"dependencies": [1]}'])
def test_what_npm_would_refuse_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_installation(FilesInMemory({"package.json": text.encode()}))


@pytest.mark.parametrize("wanted", ["git://a.example/b", "user/repo", "patch:b@1#x", "file:b.tgz"])
def test_what_cannot_be_had_names_its_line(wanted: str) -> None:
    text = '{\n  "dependencies": {\n    "b": "' + wanted + '"\n  }\n}'
    with pytest.raises(NotUnderstood) as caught:
        read_installation(FilesInMemory({"package.json": text.encode()}))
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("wanted", "least"),
    [
        (">=18", (18,)), ("^14.17.0 || >=16", (14, 17, 0)), (">= 6.0 < 21", (6, 0)), ("*", None),
        ("<22", None), ("18 - 20", (18,)), ("20.x", (20,)), ("", None), ("latest", None),
    ],
)  # fmt: skip
def test_the_least_version_of_a_range(wanted: str, least: tuple[int, ...] | None) -> None:
    assert least_version(wanted) == least
