"""The plan of a keeper of records in a JSON file."""

import json
import re
import shlex
from collections.abc import Callable
from decimal import Decimal

from quantumlayer.agents.builtin.writing.python_tool.plan import Example, Family, ToolFile
from quantumlayer.agents.builtin.writing.python_tool.source import python_from
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import ColumnType, Keeper, KeptField, ToolDomain

_TYPES = {
    ColumnType.TEXT: "str",
    ColumnType.NUMBER: "Decimal",
    ColumnType.INTEGER: "int",
    ColumnType.DATE: "date",
}
_ID_COMMANDS = {
    "done": "mark as done",
    "reopen": "mark as not done",
    "remove": "remove",
}
_SAMPLES: tuple[tuple[str, tuple[str, str]], ...] = (
    (r"e_?mail", ("ann@example.org", "ben@example.org")),
    (r"phone|mobile", ("555 0100", "555 0101")),
    (r"url|link", ("https://example.org/a", "https://example.org/b")),
    (r"category|kind|tag", ("food", "travel")),
    (r"name|person|author", ("Ann Lee", "Ben Ray")),
    (r"description|title|text|note|task|item|todo", ("Buy milk", "Call the bank")),
)


def _keeper_of(requirements: Requirements) -> tuple[ToolDomain, Keeper]:
    tool = requirements.tool
    if tool is None or not isinstance(tool.program, Keeper):
        raise ValueError("the requirements describe no keeper")
    return tool, tool.program


def _commands(keeper: Keeper) -> tuple[str, ...]:
    return tuple(command.name for command in keeper.commands)


def _completes(keeper: Keeper) -> bool:
    return "done" in _commands(keeper)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _a(word: str) -> str:
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


def _optional(field: KeptField) -> bool:
    return not field.required and field.default is None and not field.today


def _values(keeper: Keeper) -> dict[str, object]:
    """What all templates of the family need."""
    commands = _commands(keeper)
    return {
        "noun_words": _words(keeper.noun),
        "plural_words": _words(keeper.plural),
        "a_noun": _a(_words(keeper.noun)),
        "plural": keeper.plural,
        "class_name": "".join(word.capitalize() for word in keeper.noun.split("_")),
        "commands": commands,
        "completes": _completes(keeper),
        "changes": bool({"done", "reopen", "edit"} & set(commands)),
        "file": keeper.file,
        "id_commands": [
            (name, f"{help_text} {_words(keeper.plural)}")
            for name, help_text in _ID_COMMANDS.items()
            if name in commands
        ],
    }


def _store(requirements: Requirements) -> str:
    tool, keeper = _keeper_of(requirements)
    return python_from(
        "keeper/store.py",
        tool.package,
        fields=[_stored(field) for field in keeper.fields],
        **_values(keeper),
    )


def _stored(field: KeptField) -> dict[str, str]:
    name, optional = field.name, _optional(field)
    kind = _TYPES.get(field.type, "str")
    read = {
        "str": f'str(entry["{name}"])',
        "Decimal": f'Decimal(entry["{name}"])',
        "int": f'int(entry["{name}"])',
        "date": f'date.fromisoformat(entry["{name}"])',
    }[kind]
    plain = {
        "str": f"item.{name}",
        "int": f"item.{name}",
        "Decimal": f'format(item.{name}, "f")',
        "date": f"item.{name}.isoformat()",
    }[kind]
    if optional and kind in {"Decimal", "date"}:
        plain = f"None if item.{name} is None else {plain}"
    if optional:
        read = f'None if entry["{name}"] is None else {read}'
    return {
        "name": name,
        "annotation": f"{kind} | None" if optional else kind,
        "plain": plain,
        "read": read,
    }


def _option(field: KeptField, first: bool) -> dict[str, object]:
    parsers = {
        ColumnType.NUMBER: ", type=_parsed(_amount)",
        ColumnType.INTEGER: ", type=_parsed(_whole)",
        ColumnType.DATE: ", type=_parsed(_date)",
    }
    words = first and field.type is ColumnType.TEXT
    parser = parsers.get(field.type, ", type=_parsed(_filled)" if not words else "")
    required = ""
    if field.default is not None:
        required = f", default={_default(field)}"
    elif field.required and not field.today and not first:
        required = ", required=True"
    choices = f", choices={list(field.choices)!r}" if field.choices else ""
    shown = f" (default: {field.default})" if field.default is not None else ""
    if field.today:
        shown = " (default: today)"
    about = f", one of {', '.join(field.choices)}" if field.choices else ""
    dated = ", such as 2024-05-31" if field.type is ColumnType.DATE else ""
    given = f"arguments.{field.name}"
    if words:
        given = f'" ".join({given})'
    if field.today:
        given = f"{given} or _today()"
    return {
        "name": field.name,
        "flag": field.name.replace("_", "-"),
        "metavar": field.name.upper(),
        "words_name": _words(field.name),
        "words": words,
        "parser": "" if field.choices else (parser or ", type=_parsed(_filled)"),
        "choices": choices,
        "required": required,
        "help": f"the {_words(field.name)}{about}{dated}{shown}",
        "given": given,
        "example": _plain_value(field, 0),
    }


def _default(field: KeptField) -> str:
    if field.type is ColumnType.NUMBER:
        return f'Decimal("{field.default}")'
    return field.default or "" if field.type is ColumnType.INTEGER else repr(field.default)


def _filters(keeper: Keeper) -> list[dict[str, object]]:
    """Fields that lists can be narrowed by: words that many records share."""
    return [
        _option(field, first=False)
        for field in keeper.fields[1:]
        if field.choices or re.search(r"category|kind|tag|group|type|project|status", field.name)
    ]


def _cli(requirements: Requirements) -> str:
    tool, keeper = _keeper_of(requirements)
    fields = [_option(field, place == 0) for place, field in enumerate(keeper.fields)]
    total = next((field for field in keeper.fields if field.name == keeper.total_of), None)
    return python_from(
        "keeper/cli.py",
        tool.package,
        command=tool.command,
        summary=requirements.summary,
        examples=[shlex.join((tool.command, *words)) for words in _session(keeper)],
        fields=fields,
        filters=_filters(keeper),
        total_of=keeper.total_of,
        total_words=_words(keeper.total_of or ""),
        total_optional=total is not None and _optional(total),
        total_by=keeper.total_by,
        total_by_words=_words(keeper.total_by or ""),
        total_by_flag=(keeper.total_by or "").replace("_", "-"),
        positive=any(field.minimum is not None for field in keeper.fields),
        clear_help=f"remove all {_words(keeper.plural)}"
        + (" that are done" if _completes(keeper) else ""),
        **_values(keeper),
    )


# Sample records: two that differ in every field


def _plain_value(field: KeptField, number: int) -> str:
    """The value of a field in the first or second sample record, as it is typed."""
    if field.choices:
        return field.choices[number % len(field.choices)]
    match field.type:
        case ColumnType.NUMBER:
            return ("12.50", "7.25")[number]
        case ColumnType.INTEGER:
            return ("3", "4")[number]
        case ColumnType.DATE:
            return ("2024-05-31", "2024-06-01")[number]
        case _:
            samples = next(
                (found for pattern, found in _SAMPLES if re.search(pattern, field.name)),
                ("first words", "other words"),
            )
            return samples[number]


def _add_words(keeper: Keeper, number: int) -> tuple[str, ...]:
    words = ["add", _plain_value(keeper.fields[0], number)]
    for field in keeper.fields[1:]:
        words += [f"--{field.name.replace('_', '-')}", _plain_value(field, number)]
    return tuple(words)


def _plain(keeper: Keeper, number: int) -> dict[str, object]:
    record: dict[str, object] = {"id": number + 1}
    for field in keeper.fields:
        text = _plain_value(field, number)
        record[field.name] = int(text) if field.type is ColumnType.INTEGER else text
    if _completes(keeper):
        record["done"] = False
    return record


def _session(keeper: Keeper) -> list[tuple[str, ...]]:
    """A run through the commands, in an order in which each has something to do."""
    commands = _commands(keeper)
    session = [_add_words(keeper, 0), _add_words(keeper, 1)]
    if "done" in commands:
        session.append(("done", "1"))
    if "list" in commands:
        session.append(("list",))
    if "total" in commands:
        session.append(("total",))
    if "remove" in commands:
        session.append(("remove", "2"))
    return session


def _tests(requirements: Requirements) -> str:
    tool, keeper = _keeper_of(requirements)
    tags = {command.name: command.requirement.lower() for command in keeper.commands}
    first, second = (_quoted(_add_words(keeper, number)) for number in (0, 1))
    changed = keeper.fields[0]
    total_json = _total_json(keeper)
    return python_from(
        "keeper/test_keeper.py",
        tool.package,
        out=tool.output_requirement.lower(),
        err=tool.error_requirement.lower(),
        file_tag=keeper.file_requirement.lower(),
        tags=tags,
        first=first,
        second=second,
        first_plain=repr(_plain(keeper, 0)),
        second_plain=repr(_plain(keeper, 1)),
        bad_adds=_bad_adds(keeper),
        incomplete_adds=_incomplete_adds(keeper),
        wide_add=_wide_add(keeper),
        table=_table(keeper),
        abbreviated=[["--vers"], *([name, "--hel"] for name in _commands(keeper))],
        filters=[f for f in _filters(keeper) if f["example"] != _second_of(keeper, str(f["name"]))],
        edit=_quoted((f"--{changed.name.replace('_', '-')}", _edited(changed))),
        edit_plain=repr(
            {
                changed.name: int(_edited(changed))
                if changed.type is ColumnType.INTEGER
                else _edited(changed)
            }
        ),
        search=_search_word(keeper),
        total=_total(keeper),
        total_by=keeper.total_by,
        total_by_flag=(keeper.total_by or "").replace("_", "-"),
        total_json=total_json,
        reader='"list", "--json"'
        if "list" in tags
        else '"total"'
        if "total" in tags
        else '"--help"',
        **_values(keeper),
    )


def _second_of(keeper: Keeper, name: str) -> str:
    return next(_plain_value(field, 1) for field in keeper.fields if field.name == name)


def _edited(field: KeptField) -> str:
    changed = {ColumnType.NUMBER: "99.00", ColumnType.INTEGER: "9", ColumnType.DATE: "2025-01-01"}
    if field.choices:
        return field.choices[-1]
    return changed.get(field.type, "changed")


def _search_word(keeper: Keeper) -> str:
    text = next(
        (
            _plain_value(field, 0)
            for field in keeper.fields
            if field.type is ColumnType.TEXT and not field.choices
        ),
        "",
    )
    return text.split(" ")[0].upper()


def _total(keeper: Keeper) -> str:
    field = next((f for f in keeper.fields if f.name == keeper.total_of), None)
    if field is None:
        return ""
    return format(Decimal(_plain_value(field, 0)) + Decimal(_plain_value(field, 1)), "f")


def _total_json(keeper: Keeper) -> str:
    if keeper.total_by is None or keeper.total_of is None:
        return ""
    by = next(f for f in keeper.fields if f.name == keeper.total_by)
    of = next(f for f in keeper.fields if f.name == keeper.total_of)
    sums: dict[str, Decimal] = {}
    for number in (0, 1):
        key = _plain_value(by, number)
        sums[key] = sums.get(key, Decimal(0)) + Decimal(_plain_value(of, number))
    members = [f"{json.dumps(key)}: {sums[key]:f}" for key in sorted(sums)]
    return "{" + ", ".join([*members, f'"total": {_total(keeper)}']) + "}"


def _bad_adds(keeper: Keeper) -> list[list[str]]:
    """Command lines of `add` with one bad value each."""
    bad: list[list[str]] = []
    good = list(_add_words(keeper, 0)[1:])
    for place, field in enumerate(keeper.fields):
        value = {
            ColumnType.NUMBER: "many",
            ColumnType.INTEGER: "1.5",
            ColumnType.DATE: "2024-02-30",
        }.get(field.type, "unknown" if field.choices else " ")
        changed = list(good)
        changed[0 if place == 0 else 2 * place] = value
        bad.append(changed)
        if field.minimum is not None and field.type is ColumnType.NUMBER:
            below = list(good)
            below[0 if place == 0 else 2 * place] = "0"
            bad.append(below)
    return bad


def _incomplete_adds(keeper: Keeper) -> list[list[str]]:
    """Command lines of `add` without one of the values that it needs."""
    good = list(_add_words(keeper, 0)[1:])
    found: list[list[str]] = [[]]
    for place, field in enumerate(keeper.fields[1:], start=1):
        if field.required:
            found.append(good[: 2 * place - 1] + good[2 * place + 1 :])
    return found


def _wide_add(keeper: Keeper) -> str:
    """A command line of `add` with a text beyond ASCII; empty where no field takes one."""
    words = list(_add_words(keeper, 0))
    for place, field in enumerate(keeper.fields):
        if field.type is ColumnType.TEXT and not field.choices:
            words[1 if place == 0 else 2 * place + 1] = "größer"
            return _quoted(tuple(words))
    return ""


def _table(keeper: Keeper) -> list[str]:
    """The two sample records as `list` shows them, the second one done where that can be."""
    plain = [_plain(keeper, number) for number in (0, 1)]
    if "done" in plain[1] and "done" in _commands(keeper):
        plain[1]["done"] = True
    shown = {True: "yes", False: "no"}
    rows = [[name.replace("_", " ") for name in plain[0]]]
    rows += [
        [shown[value] if isinstance(value, bool) else str(value) for value in values.values()]
        for values in plain
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(repr(word) for word in words)


def _conftest(requirements: Requirements) -> str:
    tool, _ = _keeper_of(requirements)
    return python_from("common/tests/conftest.py", tool.package, pipeline=False, files_source=False)


def _errors(requirements: Requirements) -> str:
    return python_from("common/errors.py", _keeper_of(requirements)[0].package, inputs=False)


def _files(requirements: Requirements) -> tuple[ToolFile, ...]:
    tool, keeper = _keeper_of(requirements)
    package = tool.package
    work = tuple(
        dict.fromkeys(
            (*(command.requirement for command in keeper.commands), keeper.file_requirement)
        )
    )
    fields = tuple(dict.fromkeys(field.requirement for field in keeper.fields))
    quality = (tool.output_requirement, tool.error_requirement)
    everything = tuple(dict.fromkeys((*work, *fields, *quality)))
    plain: list[tuple[str, str, Callable[[Requirements], str], str, tuple[str, ...]]] = [
        ("errors.py", "errors", _errors, "class ToolError", ()),
        (
            "store.py",
            f"the {_words(keeper.plural)} and their file",
            _store,
            "class Store; load(path) -> Store; save(path, store)",
            ("errors.py",),
        ),
        (
            "cli.py",
            "the command line",
            _cli,
            "main(argv) -> exit status",
            ("errors.py", "store.py"),
        ),
    ]
    sources = tuple(
        ToolFile(
            f"{package}/{name}",
            FileRole.SOURCE,
            purpose,
            write,
            interface,
            tuple(f"{package}/{other}" for other in depends),
            everything if name != "errors.py" else quality,
        )
        for name, purpose, write, interface, depends in plain
    )
    return (
        *sources,
        ToolFile(
            "tests/conftest.py", FileRole.TEST, "fixtures", _conftest, "", ("tests/support.py",)
        ),
        ToolFile(
            "tests/test_keeper.py",
            FileRole.TEST,
            "every command from both sides",
            _tests,
            "",
            (f"{package}/cli.py", "tests/support.py"),
            everything,
        ),
    )


def _examples(requirements: Requirements) -> tuple[Example, ...]:
    tool, keeper = _keeper_of(requirements)
    noun = _words(keeper.noun)
    texts = {
        "add": (f"Add {_a(noun)} (again for each more):", f"added {noun} 1\n"),
        "list": ("List them; at first there is nothing:", f"no {_words(keeper.plural)}\n"),
        "total": ("Sum them up; of nothing it is 0:", "total  0\n"),
    }
    found = []
    for name in ("add", "list", "total"):
        if name in _commands(keeper):
            words = _add_words(keeper, 0) if name == "add" else (name,)
            command = shlex.join(("python", "-m", tool.package, *words))
            # Each example begins in an empty folder of its own.
            found.append(Example(texts[name][0], command, texts[name][1]))
    return tuple(found)


def _statuses(requirements: Requirements) -> tuple[tuple[str, str], ...]:
    _, keeper = _keeper_of(requirements)
    return (
        ("0", "success"),
        (
            "1",
            f"there is no such {_words(keeper.noun)}, or the file cannot be used; stderr says why",
        ),
        ("2", "the command line is wrong"),
    )


def _notes(requirements: Requirements) -> str:
    _, keeper = _keeper_of(requirements)
    return (
        f"Records are kept in `{keeper.file}` in the current folder, or in the file of `--file`, "
        "which is replaced at once when something changes. Numbers in the list are never used "
        "twice. Amounts are exact decimals, dates are ISO 8601."
    )


FAMILY = Family(files=_files, examples=_examples, statuses=_statuses, notes=_notes, scratch=True)
