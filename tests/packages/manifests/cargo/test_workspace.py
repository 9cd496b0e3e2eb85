"""Where Rust tests are run from, as Cargo's manifests say."""

import pytest

from quantumlayer.manifests import FilesInMemory, NotUnderstood, cargo_roots, check_rust

HERE = "rustc 1.95.0 (f2d3ce0bd 2026-03-21)"
PACKAGE = '[package]\nname = "{0}"\nversion = "0.1.0"\nedition = "2021"\n'
TEST = "#[test]\nfn one() {}\n"


def holding(folder: str, *lines: str) -> dict[str, str]:
    """A package with a test."""
    place = "" if folder == "." else f"{folder}/"
    text = PACKAGE.format(folder.rpartition("/")[2].replace(".", "root")) + "\n".join(lines)
    return {f"{place}Cargo.toml": text, f"{place}src/lib.rs": TEST}


def in_memory(files: dict[str, str]) -> FilesInMemory:
    return FilesInMemory({path: text.encode() for path, text in files.items()})


def members(files: dict[str, str]) -> dict[str, list[str]]:
    roots = cargo_roots(in_memory(files))
    return {root.folder: [one.folder for one in root.members] for root in roots}


ALL = '[workspace]\nmembers = ["crates/*", "tools/**/x"]\nexclude = ["crates/old"]\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (holding("."), {".": ["."]}),
        ({**holding("a"), **holding("b")}, {"a": ["a"], "b": ["b"]}),
        ({"Cargo.toml": ALL, **holding("crates/a"), **holding("crates/a/deep"),
          **holding("tools/y/z/x")}, {".": ["crates/a", "tools/y/z/x"]}),
        ({"Cargo.toml": ALL, **holding("crates/a"), **holding("crates/old")},
         {".": ["crates/a"], "crates/old": ["crates/old"]}),
        ({**holding(".", "[workspace]", "[dependencies]", 'b = { path = "b" }'), **holding("b")},
         {".": [".", "b"]}),
        ({**holding("."), "tests/ui/Cargo.toml": PACKAGE, "tests/ui/src/lib.rs": TEST},
         {".": ["."]}),
        ({**holding("."), "fuzz/Cargo.toml": f"{PACKAGE}[workspace]\n", "fuzz/f.rs": "fn f() {}"},
         {".": ["."]}),
        ({**holding("."), **holding("examples/shown")}, {".": ["."]}),
        ({**holding("."), "target/package/Cargo.toml": "?", "vendor/x/Cargo.toml": "?"},
         {".": ["."]}),
    ],
)  # fmt: skip
def test_each_package_belongs_to_its_workspace(
    files: dict[str, str], expected: dict[str, list[str]]
) -> None:
    assert members(files) == expected


@pytest.mark.parametrize(
    ("lines", "fetches"),
    [
        ([], False),
        (["[dependencies]", 'b = { path = "b" }'], False),
        (["[dependencies]", 'b = { path = "b", version = "1" }'], False),
        (["[target.'cfg(unix)'.dev-dependencies]", 'serde = "1"'], True),
        (["[build-dependencies.cc]", 'version = "1"', "optional = true"], True),
        (["[workspace.dependencies]", 'serde = { git = "https://x.test" }'], False),
    ],
)
def test_a_registry_is_asked_where_something_comes_from_one(
    lines: list[str], fetches: bool
) -> None:
    files = {**holding(".", *lines), "b/Cargo.toml": PACKAGE.format("b")}
    assert cargo_roots(in_memory(files))[0].fetches is fetches


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (holding(".", 'rust-version = "1.96"'), 5),
        (holding(".", "[workspace]").__or__({"rust-toolchain": "nightly"}), 1),
        ({"Cargo.toml": '[workspace]\nmembers = ["a"]\n[workspace.package]\nrust-version = "2.0"\n',
          **holding("a", "rust-version.workspace = true")}, 4),
    ],
)  # fmt: skip
def test_a_newer_rust_is_told_with_both_versions(files: dict[str, str], line: int) -> None:
    found = in_memory(files)
    with pytest.raises(
        NotUnderstood, match=r"is asked for, and this machine has Rust 1\.95"
    ) as told:
        check_rust(found, cargo_roots(found)[0], HERE)
    assert told.value.line == line


@pytest.mark.parametrize("channel", ["stable", "1.60", "1.95.0", "beta"])
def test_another_toolchain_that_is_no_newer_will_do(channel: str) -> None:
    found = in_memory(
        {**holding("."), "rust-toolchain.toml": f'[toolchain]\nchannel="{channel}"\n'}
    )
    check_rust(found, cargo_roots(found)[0], HERE)
