"""Names in generated code: cases, words for people, and names that nothing shadows."""

import builtins
import json
import keyword
import re
import sys
import textwrap

from pydantic import BaseModel

_MAX_WORDS = 9
_MAX_SLUG = 46


def names_in(text: str) -> frozenset[str]:
    """The names that a text lists."""
    return frozenset(text.split())


MODULES = names_in(
    "application clock database health limits listing logs migrations problems reports rules"
    " settings storage values"
)
NAMES_IN_USE = names_in(
    "APIRouter Annotated Any Body Boolean Check Closed Connection Database DatabaseDependency"
    " Decimal Email Field FieldError Identifier InUse Integer IsoDate IsoTime ListQuery Literal"
    " Mapping Money NotFound Number Page Phone Problem Query QueryInteger Records Response Rule"
    " RuleBroken Storage Stored Tags TestClient UnknownReference Url UtcDatetime"
)
VARIABLES = names_in(
    "after before body changes client connection count database factories first highest json keep"
    " kept limit now number other page pytest query record repository response router row rules"
    " schema second sqlite3 status today total"
)
_RESERVED_PACKAGES = names_in("fastapi pydantic pytest starlette tests uvicorn")


def snake(name: str) -> str:
    """`LoanItem` as `loan_item`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return spaced.lower()


def pascal(name: str) -> str:
    """`loan_item` as `LoanItem`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def kebab(name: str) -> str:
    """`loan_items` as `loan-items`."""
    return name.replace("_", "-")


def words(name: str) -> str:
    """`loan_items` or `LoanItem` as `loan item(s)`: the words that a person would say."""
    return snake(name).replace("_", " ")


def with_article(phrase: str) -> str:
    """`order` as `an order`, `user` as `a user`."""
    sounds_like_you = re.match(r"(uni[^nm]|use|user|usa|eur|one\b)", phrase)
    vowel = phrase[:1] in "aeiou" and not sounds_like_you
    return f"{'an' if vowel else 'a'} {phrase}"


def statement_slug(statement: str) -> str:
    """A sentence as part of a function's name: `members_can_have_at_most_5_open_loans`."""
    found = re.findall(r"[a-z0-9]+", statement.lower().replace("'", ""))
    kept: list[str] = []
    for word in found[:_MAX_WORDS]:
        if kept and len("_".join([*kept, word])) > _MAX_SLUG:
            break
        kept.append(word[:_MAX_SLUG])
    return "_".join(kept) or "rule"


def unshadowed(name: str, taken: frozenset[str], suffix: str = "_") -> str:
    """`name`, or with `suffix` where a keyword, a builtin or a name of `taken` is in the way."""
    shadows = keyword.iskeyword(name) or hasattr(builtins, name) or name in taken
    return f"{name}{suffix}" if shadows else name


def docstring(text: str, summary: str, room: int) -> str:
    """A docstring that says `text`; behind a short `summary` where it is longer than `room`."""
    said = sentence(text)
    if len(said) <= room:
        return f'"""{said}"""'
    lines = textwrap.wrap(said, room)
    return "\n".join([f'"""{summary}', "", *lines, '"""'])


def sentence(text: str) -> str:
    """`text` beginning with a capital and ending with a full stop, on one line."""
    flat = " ".join(text.split()).replace("\\", "").replace('"""', "'")
    if not flat:
        return flat
    ended = flat if flat[-1] in ".!?" else f"{flat}."
    return ended[0].upper() + ended[1:]


def literal(value: object) -> str:
    """A text as Python code, in as many lines as it needs."""
    if value is None:
        return "None"
    text = str(value)
    if len(text) <= 80:
        return json.dumps(text, ensure_ascii=False)
    lines = textwrap.wrap(text, 76, drop_whitespace=False, break_long_words=False)
    return "(" + "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + ")"


def package_name(name: str) -> str:
    """The Python package of a project named `name`, never one that shadows another module."""
    snaked = name.replace("-", "_").strip("_")
    in_use = snaked in sys.stdlib_module_names or snaked in _RESERVED_PACKAGES
    return f"{snaked}_service" if in_use else unshadowed(snaked, frozenset(), "_service")


def attribute_name(key: str) -> str:
    """The attribute that holds the JSON member `key`: no keyword, no attribute of a model."""
    shadows = hasattr(BaseModel, key) or key.startswith(("model_validate", "model_dump"))
    return f"{key}_" if shadows else unshadowed_attribute(key)


def unshadowed_attribute(key: str) -> str:
    """`key`, or `key_` where it is a keyword: builtins are fine as attributes."""
    return f"{key}_" if keyword.iskeyword(key) else key
