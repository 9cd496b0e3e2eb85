"""JSON Schema's library is had without the grammar of IRIs, and checks them all the same."""

import subprocess
import sys

import pytest

LATER = """
import sys
from quantumlayer.qtest import iri_grammar_later
with iri_grammar_later():
    import jsonschema
checker = jsonschema.Draft7Validator.FORMAT_CHECKER
"""


def printed(program: str) -> str:
    """What a fresh interpreter prints: in this one the grammar may be loaded already."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.strip()


def test_nothing_of_the_grammar_is_loaded_with_the_library() -> None:
    loaded = "print([name for name in ('lark', 'rfc3987_syntax') if name in sys.modules])"
    assert printed(LATER + loaded) == "[]"


@pytest.mark.parametrize(
    ("form", "value", "fits"),
    [
        ("iri-reference", "https://example.org/ä?b#c", True),
        ("iri-reference", "https://exa mple.org", False),
        ("iri", "urn:isbn:0451450523", True),
        ("iri", "no scheme", False),
    ],
)
def test_an_iri_is_checked_by_the_grammar(form: str, value: str, fits: bool) -> None:
    asked = f"print(checker.conforms({value!r}, {form!r}), 'lark' in sys.modules)"
    assert printed(LATER + asked) == f"{fits} True"


def test_who_has_the_grammar_already_keeps_it() -> None:
    before = "import sys, rfc3987_syntax as real\n"
    after = "print(sys.modules['rfc3987_syntax'] is real)"
    assert printed(before + LATER + after) == "True"
