"""Rust projects as people lay them out: workspaces, paths, features, other toolchains."""

from collections.abc import Mapping

import pytest

from quantumlayer.qtest import CaseOutcome, Verdict
from tests.packages.qtest.conftest import Check


def manifest(name: str, *lines: str) -> str:
    """A package of today's edition; `lines` follow its own."""
    own = f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n'
    return own + "".join(f"{line}\n" for line in lines)


def crate(name: str, wanted: int = 8, *lines: str) -> dict[str, str]:
    """A library with a test, right when 8 is wanted."""
    return {
        "Cargo.toml": manifest(name, *lines),
        "src/lib.rs": "pub fn double(n: i32) -> i32 { 2 * n }\n"
        f"#[test]\nfn doubles() {{ assert_eq!(double(4), {wanted}); }}\n",
    }


def user(name: str, wanted: int, dependency: str) -> dict[str, str]:
    """A library whose test uses the crate `core-lib`."""
    return {
        "Cargo.toml": manifest(name, "[dependencies]", dependency),
        "src/lib.rs": f"#[test]\nfn twice() {{ assert_eq!(core_lib::double(4), {wanted}); }}\n",
    }


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    return {f"{folder}/{path}": content for path, content in files.items()}


def virtual(wanted: int) -> dict[str, str]:
    """Members by a glob, a member left out, a dependency that is inherited."""
    root = (
        '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n'
        'default-members = ["crates/core"]\n\n'
        '[workspace.dependencies]\ncore-lib = { path = "crates/core" }\n'
    )
    return {
        "Cargo.toml": root,
        **below("crates/core", crate("core-lib")),
        **below("crates/app", user("app", wanted, "core-lib = { workspace = true }")),
        "crates/old/Cargo.toml": manifest("old"),
        "crates/old/src/lib.rs": "this is no Rust\n",
    }


def beside(wanted: int) -> dict[str, str]:
    """Packages beside each other, without a workspace."""
    return {
        **below("core", crate("core-lib")),
        **below("app", user("app", wanted, 'core-lib = { path = "../core" }')),
    }


def rooted(wanted: int) -> dict[str, str]:
    """A package that is the root of a workspace, with a member by its path alone."""
    return {
        **user("app", wanted, 'core-lib = { path = "core" }\n\n[workspace]\n'),
        **below("core", crate("core-lib")),
        "tests/data/sample/Cargo.toml": "[package]\nname = 7\n",
    }


@pytest.mark.parametrize("layout", [virtual, beside, rooted])
async def test_every_package_of_a_project_is_tested(check: Check, layout: object) -> None:
    right = await check(layout(8))  # type: ignore[operator]  # a row of the table
    assert right.verdict is Verdict.PASSED, right.reason
    assert right.passed == 2
    wrong = await check(layout(9))  # type: ignore[operator]  # a row of the table
    assert wrong.verdict is Verdict.FAILED, wrong.reason
    assert (wrong.passed, wrong.failed) == (1, 1)
    [failed] = [case for case in wrong.cases if case.outcome is CaseOutcome.FAILED]
    assert failed.path.endswith("src/lib.rs")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (crate("a", 8, 'rust-version = "1.999"'), "Cargo.toml:5: Rust 1.999 is asked for, and"),
        ({**crate("a"), "Cargo.toml": manifest("a").replace("2021", "2051")},
         "Cargo.toml:4: edition 2051 is asked for, and this machine has Rust 1."),
        ({**crate("a"), "rust-toolchain.toml": '[toolchain]\nchannel = "nightly-2026-01-01"\n'},
         "rust-toolchain.toml:2: Rust nightly-2026-01-01 is asked for, and"),
        ({**crate("a"), "rust-toolchain": "1.999.0\n"}, "rust-toolchain:1: Rust 1.999.0 is asked"),
        (crate("a", 8, "[dev-dependencies]", 'b = { git = "https://example.test/b" }'),
         "Cargo.toml:6: b comes from a git repository, https://example.test/b"),
        (crate("a", 8, "[dependencies]", 'b = { path = "../../b" }'),
         "Cargo.toml:6: b is at ../../b, outside of the project"),
        (crate("a", 8, "[dependencies]", 'b = { path = "b" }'),
         "Cargo.toml:6: b is at b, where there is no Cargo.toml"),
        (crate("a", 8, "[dependencies]", 'b = { version = "1", registry = "ours" }'),
         "Cargo.toml:6: b comes from the registry ours"),
        (crate("a", 8, "[patch.crates-io]", 'b = { git = "https://example.test/b" }'),
         "Cargo.toml:6: b comes from a git repository"),
        ({**crate("a"), "Cargo.toml": "[package\n"}, "Cargo.toml:1: it is no TOML"),
    ],
)  # fmt: skip
async def test_what_cannot_be_had_is_said_with_its_line(
    check: Check, files: dict[str, str], reason: str
) -> None:
    report = await check(files)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert reason in report.reason


async def test_older_toolchains_that_are_named_are_not_needed(check: Check) -> None:
    files = crate("a", 8, 'rust-version = "1.60"')
    report = await check({**files, "rust-toolchain": "1.60.0\n"})
    assert report.verdict is Verdict.PASSED, report.reason


async def test_what_the_machine_lacks_is_named_and_what_is_the_projects_is_not(
    check: Check,
) -> None:
    linked = (
        '#[link(name = "nosuchlibrary")]\nextern "C" { fn nothing() -> i32; }\n'
        "#[test]\nfn calls() { assert_eq!(unsafe { nothing() }, 1); }\n"
    )
    report = await check({"Cargo.toml": manifest("a"), "src/lib.rs": linked})
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR, report.reason
    assert "library nosuchlibrary is not on this machine" in report.reason
    nightly = "#![feature(never_type)]\n#[test]\nfn one() { assert_eq!(1, 1 + 0); }\n"
    report = await check({"Cargo.toml": manifest("a"), "src/lib.rs": nightly})
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR, report.reason
    assert "nightly Rust" in report.reason
    unknown = "#[test]\nfn one() { assert_eq!(undefined(), 1); }\n"
    report = await check({"Cargo.toml": manifest("a"), "src/lib.rs": unknown})
    assert report.verdict is Verdict.FAILED, report.reason


FEATURES = (
    "[features]", 'default = ["small"]', "small = []", "large = []", "[[test]]",
    'name = "big"', 'required-features = ["large"]', "[[test]]", 'name = "little"',
    'required-features = ["small"]',
)  # fmt: skip


async def test_tests_that_ask_for_more_features_are_said_to_be_left_out(check: Check) -> None:
    test = "#[test]\nfn doubles() { assert_eq!(a::double(1), {}); }\n"
    files = {
        **crate("a", 8, *FEATURES),
        "tests/big.rs": test.replace("{}", "3"),
        "tests/little.rs": test.replace("{}", "2"),
        "tests/deep/main.rs": "mod more;\n",
        "tests/deep/more.rs": test.replace("{}", "2"),
    }
    report = await check(files)
    assert report.verdict is Verdict.PASSED, report.reason
    assert (report.passed, report.skipped) == (3, 1)
    [skipped] = [case for case in report.cases if case.outcome is CaseOutcome.SKIPPED]
    assert skipped.path == "tests/big.rs"
    assert "large" in skipped.message


BUILT = (
    "fn main() {\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n"
    "    std::fs::write(format!(\"{out}/n.rs\"), \"pub const N: i32 = {};\").unwrap();\n}\n"
)  # fmt: skip
DERIVED = """
#[proc_macro]
pub fn answer(_: proc_macro::TokenStream) -> proc_macro::TokenStream { "42".parse().unwrap() }
"""


async def test_build_scripts_and_macros_run_and_count(check: Check) -> None:
    def files(n: int) -> dict[str, str]:
        return {
            "Cargo.toml": manifest("a", "[dependencies]", 'm = { path = "m" }', "[workspace]"),
            "build.rs": BUILT.replace("{}", str(n)),
            "src/lib.rs": 'include!(concat!(env!("OUT_DIR"), "/n.rs"));\n'
            "#[test]\nfn answers() { assert_eq!(N, m::answer!()); }\n",
            "m/Cargo.toml": manifest("m", "[lib]", "proc-macro = true"),
            "m/src/lib.rs": DERIVED,
        }

    assert (await check(files(42))).verdict is Verdict.PASSED
    assert (await check(files(41))).verdict is Verdict.FAILED


DOCUMENTED = """
//! ```
//! assert_eq!(a::double(2), 4);
//! ```
//! ```no_run
//! loop {}
//! ```
//! ```ignore
//! this is no Rust
//! ```
//! ```should_panic
//! assert_eq!(a::double(2), 5);
//! ```
//! ```compile_fail
//! a::double("two");
//! ```
/// Doubles.
pub fn double(n: i32) -> i32 { 2 * n }
"""


@pytest.mark.parametrize("kind", ["", '[lib]\ncrate-type = ["rlib", "cdylib"]'])
async def test_examples_of_documentation_end_as_they_say(check: Check, kind: str) -> None:
    files = {"Cargo.toml": manifest("a", kind), "src/lib.rs": DOCUMENTED}
    report = await check(files)
    assert report.verdict is Verdict.PASSED, report.reason
    assert (report.passed, report.skipped) == (4, 1)


async def test_a_readme_that_is_documentation_is_tested(check: Check) -> None:
    files = {
        "Cargo.toml": manifest("a"),
        "src/lib.rs": '#![doc = include_str!("../README.md")]\n'
        "pub fn double(n: i32) -> i32 { 2 * n }\n",
        "README.md": "# a\n\n```\nassert_eq!(a::double(2), 5);\n```\n",
    }
    report = await check(files)
    assert report.verdict is Verdict.FAILED, report.reason


MIRRORED = """
[source.crates-io]
replace-with = "near"
[source.near]
registry = "sparse+https://mirror.invalid/index/"
[registries.near]
index = "sparse+https://mirror.invalid/index/"
[net]
git-fetch-with-cli = true
[build]
rustc-wrapper = "no-such-cache"
rustflags = ["--cfg", "wanted"]
"""


@pytest.mark.parametrize("place", [".cargo/config.toml", ".cargo/config"])
async def test_a_mirror_of_the_project_is_not_asked_and_its_flags_hold(
    check: Check, place: str
) -> None:
    tested = '#[cfg(wanted)]\n#[test]\nfn one() { assert_eq!(1.to_string(), "1"); }\n'
    files = {"Cargo.toml": manifest("a"), "src/lib.rs": tested, place: MIRRORED}
    report = await check(files)
    assert (report.verdict, report.passed) == (Verdict.PASSED, 1), report.reason
    report = await check({**files, "src/lib.rs": tested.replace('"1");', '"2");')})
    assert report.verdict is Verdict.FAILED, report.reason


async def test_settings_for_cargo_that_are_no_toml_are_the_projects_fault(check: Check) -> None:
    report = await check({
        "Cargo.toml": manifest("a"), ".cargo/config.toml": "[build\n",
        "src/lib.rs": "#[test]\nfn one() { assert_eq!(1, 1 + 0); }\n",
    })  # fmt: skip
    assert report.verdict is Verdict.FAILED, report.reason


async def test_a_test_that_ends_the_program_itself_skips_and_proves_nothing(check: Check) -> None:
    leaving = (
        'pub fn leave() -> i32 { std::process::exit(0) }\n'
        "#[test]\nfn only_elsewhere() {\n"
        '    if !cfg!(windows) { eprintln!("not here"); std::process::exit(0); }\n'
        "    assert_eq!(1, 2);\n}\n"
    )  # fmt: skip
    report = await check({"Cargo.toml": manifest("a"), "src/lib.rs": leaving})
    assert report.verdict is Verdict.NO_TESTS, report.reason
    left = leaving + "#[test]\nfn calls() { assert_eq!(leave(), 1); }\n"
    report = await check({"Cargo.toml": manifest("a"), "src/lib.rs": left})
    assert report.verdict is Verdict.FAILED, report.reason


WRITES = """
fn main() {
    std::fs::write("src/made.rs", "pub const N: i32 = 2;\\n").unwrap();
    if std::env::var("NOT_SET").is_ok() { std::fs::write("tests/one.rs", "").unwrap(); }
}
"""


async def test_a_build_script_may_write_code_but_no_tests(check: Check) -> None:
    files = {
        "Cargo.toml": manifest("a"),
        "build.rs": WRITES,
        "src/lib.rs": "pub mod made;\n",
        "src/made.rs": "pub const N: i32 = 1;\n",
        "tests/one.rs": "#[test]\nfn two() { assert_eq!(a::made::N, 2); }\n",
    }
    report = await check(files)
    assert report.verdict is Verdict.PASSED, report.reason
    files["build.rs"] = WRITES.replace("is_ok", "is_err")
    report = await check(files)
    assert report.verdict is Verdict.FAILED
    assert report.reason == "The run changed what it is judged by: tests/one.rs."


MIMIC = """
fn main() {
    if std::env::args().any(|each| each == "--list") { println!("one: test"); return; }
    assert_eq!(a::double(4), 8);
    println!("test result: ok. 1 passed; 0 failed; 0 ignored");
    std::process::exit(0);
}
"""


async def test_a_harness_that_ends_the_program_itself_proves_and_fails_nothing(
    check: Check,
) -> None:
    own = crate("a", 8, "[[test]]", 'name = "own"', "harness = false")
    report = await check({**own, "tests/own.rs": MIMIC})
    assert report.verdict is Verdict.PASSED, report.reason
    assert (report.passed, report.skipped) == (1, 1)
    report = await check({**own, "tests/own.rs": MIMIC.replace("8)", "9)")})
    assert report.verdict is Verdict.FAILED, report.reason


async def test_tests_of_other_systems_are_not_missed(check: Check) -> None:
    files = {
        **crate("a"),
        "tests/windows.rs": "#![cfg(windows)]\n#[test]\nfn fails() { assert_eq!(1, 2); }\n",
    }
    report = await check(files)
    assert report.verdict is Verdict.PASSED, report.reason
    assert report.passed == 1
