"""The page that says what can be written: `docs/built-in-language.md`."""

import sys
import tomllib
from importlib.resources import files

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language.constructs import EXAMPLE, constructs

_HEAD = f"""# The description language of the built-in model

Made by `python -m quantumlayer.builtin.language.page > docs/built-in-language.md`; each example
is a test.

The built-in model reads controlled English: sentences, bullets, headings, braces or YAML. It is all
or nothing: a description is wholly understood, or the run ends with the exact words that are not in
the language and what could be written instead. A sentence with two meanings is refused with both.
Nothing is guessed: rules speak only of what the description declares.

    {EXAMPLE}

Articles, “each”, “every”, “please” and the order of statements change nothing. Usual synonyms are
known (can't, must not, may never; at most, up to, no more than; per, for each).
"""
_YAML = """## As YAML

The same as a document, with `--spec FILE` or as the description. JSON is YAML. Unknown keys are
refused.

    title: Booking system
    entities:
      Room: {fields: {name: text unique, capacity: integer 1..50}}
      Booking: {fields: {room: Room, start: datetime, end: datetime}}
    rules:
      - Bookings of a room must not overlap
    reports:
      - Number of bookings per room
"""
_TAIL = """## What is never built

Pages, logins, uploads, search, messages to people, payments, own paths and status codes, and
everything else that no construct above says. Those descriptions are refused; a language model
(`QL_MODEL`) can be asked for them. With `--accept-partial` what was understood is built and the run
ends as `incomplete`.
"""


def page() -> str:
    """The text of `docs/built-in-language.md`."""
    parts = [_HEAD, "## What can be said\n"]
    for each in constructs():
        parts.append(f"### {each.title}\n\n{each.says}\n\n    {each.example}.\n\nRead as:\n")
        parts.append("\n".join(f"    {line}" for line in each.gives) + "\n")
    return "\n".join([*parts, _YAML, _decisions(), _TAIL])


def _decisions() -> str:
    """What is decided where a description leaves it open."""
    table = tomllib.loads((files(__package__) / "kinds.toml").read_text("utf-8"))
    lines = [
        "## What is decided where nothing is said\n",
        "Decisions that a run took stand among its assumptions. A field must be given unless it is",
        "optional; a yes/no field is false; a status, state or stage begins with its first value;",
        "an entity of which only the name is said keeps a name; a record without such a field",
        "is open while its `returned on` is empty (loans, rentals). The last",
        "word of a name tells the type:\n",
        "| type | words |",
        "|---|---|",
    ]
    kinds = [kind for kind in FieldType if kind in table]
    lines += [
        f"| {kind.replace('_', ' ')} | {' '.join(str(table[kind]).split())} |" for kind in kinds
    ]
    lines.append(f"| integer, as plurals | {' '.join(table['measured'].split())} |")
    lines.append(
        "\nOther plurals are records, or numbers where something says how many: “number of rooms”,"
    )
    lines.append("“max guests”, “players 2-6”, “total visits”.")
    lines.append(f"\nNever negative: {' '.join(table['not_negative'].split())}.\n")
    later = " ".join(table["later"].split())
    lines.append(f"Optional: {' '.join(table['optional'].split())}, and dates of {later}.\n")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page())
