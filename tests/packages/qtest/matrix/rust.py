"""Rust: a library, integration tests, a workspace, a program, a loose file."""

# ruff: noqa: ISC004 - programs as data

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Matrix, Wrong

MANIFEST = '[package]\nname = "shapes"\nversion = "0.1.0"\nedition = "2021"\n'
CODE = """
    /// Multiplies.
    ///
    /// ```
    /// assert_eq!(shapes::area(3, 4), 12);
    /// ```
    pub fn area(width: i64, height: i64) -> i64 {
        width * height
    }

    pub fn sum(n: i64) -> i64 {
        let mut total = 0;
        for i in 1..=n {
            total += i;
        }
        total
    }

    pub fn sign(n: i64) -> Result<&'static str, String> {
        match n {
            i64::MIN..=-1 => Ok("negative"),
            0 => Ok("zero"),
            _ => Ok("positive"),
        }
    }
    """
TESTS = """
    #[test]
    fn multiplies() {
        assert_eq!(area(3, 4), 12);
    }

    #[test]
    fn adds_up() {
        for (n, total) in [(0, 0), (1, 1), (4, 10)] {
            assert_eq!(sum(n), total);
        }
    }

    #[test]
    fn names_signs() -> Result<(), String> {
        assert_eq!(sign(-2)?, "negative");
        assert_eq!(sign(0)?, "zero");
        assert_eq!(sign(5)?, "positive");
        Ok(())
    }
    """
UNIT = f"{CODE}\n    #[cfg(test)]\n    mod tests {{\n    use super::*;\n{TESTS}\n    }}\n"
PLAIN = CODE.replace("/// ```", "///")
BODY = "width * height"
FORGED = (
    'println!("running 3 tests\\ntest multiplies ... ok\\ntest adds_up ... ok\\n'
    'test names_signs ... ok\\n\\ntest result: ok. 3 passed; 0 failed"); '
)
INTEGRATION = f"    use shapes::*;\n{TESTS}"


def only(body: str, attribute: str = "") -> dict[str, tuple[str, str]]:
    """Tests replaced by a single one, and no examples."""
    test = f"use shapes::*;\n#[test]\n{attribute}\nfn one() {{ {body} }}\n"
    return {"tests/shapes.rs": ("", test)}


MATRIX = Matrix(
    language="rust",
    base="integration tests",
    correct={
        "integration tests": {
            "Cargo.toml": MANIFEST, "src/lib.rs": PLAIN, "tests/shapes.rs": INTEGRATION,
        },
        "unit tests and examples": {"Cargo.toml": MANIFEST, "src/lib.rs": UNIT},
        "a program": {
            "Cargo.toml": MANIFEST,
            "src/main.rs": f'{UNIT}\n    fn main() {{ println!("{{}}", area(2, 3)); }}\n',
        },
        "a workspace": {
            "Cargo.toml": '[workspace]\nmembers = ["shapes", "app"]\nresolver = "2"\n',
            "shapes/Cargo.toml": MANIFEST,
            "shapes/src/lib.rs": UNIT,
            "app/Cargo.toml": MANIFEST.replace("shapes", "app")
            + '[dependencies]\nshapes = { path = "../shapes" }\n',
            "app/src/lib.rs": """
                pub fn square(n: i64) -> i64 { shapes::area(n, n) }
                #[cfg(test)]
                mod tests {
                    #[test]
                    #[should_panic(expected = "overflow")]
                    fn too_large() { super::square(i64::MAX); }
                }
                """,
        },
        "a loose file": {"shapes.rs": UNIT},
    },
    wrong=(
        Wrong("wrong operator", {"src/lib.rs": (BODY, "width + height")}),
        Wrong("off by one", {"src/lib.rs": ("1..=n", "1..n")}),
        Wrong("missing case", {"src/lib.rs": ('0 => Ok("zero"),', "")}),
        Wrong("wrong type", {"src/lib.rs": (BODY, '"twelve"')}),
        Wrong("exception", {"src/lib.rs": (BODY, 'panic!("no area {width} {height}")')}),
        Wrong("error returned", {"src/lib.rs": ('0 => Ok("zero")', '0 => Err("none".into())')}),
        Wrong("hang", {"src/lib.rs": (BODY, "loop { std::hint::black_box(width * height); }")},
              Verdict.TIMED_OUT),
        Wrong("stack overflow", {"src/lib.rs": (
            BODY, "std::hint::black_box(area(width + 1, height)) + 1")}),
        Wrong("memory bomb", {"src/lib.rs": (
            BODY, "let mut all = vec![]; loop { all.push(vec![1u8; 1 << 24]); "
                  "if all.len() as i64 == width * -height { return 0; } }")}),
        Wrong("does not compile", {"src/lib.rs": (BODY, "width * heigth")}),
        Wrong("tests do not compile", {"tests/shapes.rs": ("area(3, 4)", "aera(3, 4)")}),
        Wrong("exit in the middle", {"src/lib.rs": (BODY, "std::process::exit(0)")}),
        Wrong("exit from a thread", {"src/lib.rs": (
            BODY, "std::thread::spawn(|| std::process::exit(0)).join().unwrap(); width + height")}),
        Wrong("abort", {"src/lib.rs": (BODY, "std::process::abort()")}),
        Wrong("forged report", {"src/lib.rs": (BODY, f"{FORGED} std::process::exit(0)")}),
        Wrong("exit while loading", {"src/lib.rs": (
            "pub fn sum", f"extern \"C\" fn leave() {{ {FORGED} std::process::exit(0) }}\n"
            "#[used]\n#[link_section = \".init_array\"]\n"
            "static LEAVE: extern \"C\" fn() = leave;\npub fn sum"),
            "tests/shapes.rs": ("area(3, 4), 12", "area(3, 4), 13")}),
        Wrong("edits its tests", {"build.rs": (
            "", 'fn main() { std::fs::write("tests/shapes.rs", "#[test] fn one() '
                '{ assert_eq!(shapes::area(1, 1), 1); }").unwrap(); }\n')}),
        Wrong("lying test", only("area(1, 2); assert!(true);"), Verdict.NO_TESTS),
        Wrong("empty tests", only("area(1, 2);"), Verdict.NO_TESTS),
        Wrong("skipped only", only("assert_eq!(area(1, 2), 3);", "#[ignore]"), Verdict.NO_TESTS),
        Wrong("no tests", {"tests/shapes.rs": ("", "")}, Verdict.NO_TESTS),
    ),
)  # fmt: skip
