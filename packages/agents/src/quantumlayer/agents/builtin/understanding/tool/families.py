"""Which family of tools a description asks for, and who understands that family."""

import re
from collections.abc import Callable

from pydantic import ValidationError

from quantumlayer.agents.builtin.understanding.prompt import Prompt, read_prompt
from quantumlayer.agents.builtin.understanding.refusal import NotUnderstood
from quantumlayer.agents.builtin.understanding.tool.calculators import (
    is_calculator,
    understand_calculator,
)
from quantumlayer.agents.builtin.understanding.tool.converters import (
    is_converter,
    understand_converter,
)
from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.folders import IS_FOLDER, understand_folder
from quantumlayer.agents.builtin.understanding.tool.keepers import is_keeper, understand_keeper
from quantumlayer.agents.builtin.understanding.tool.logs import IS_LOG, understand_log
from quantumlayer.agents.builtin.understanding.tool.marks import Marks
from quantumlayer.agents.builtin.understanding.tool.passwords import (
    IS_PASSWORD,
    understand_password,
)
from quantumlayer.agents.builtin.understanding.tool.records import understand_records
from quantumlayer.agents.builtin.understanding.tool.texts import IS_TEXT, understand_text
from quantumlayer.qlayer.requirements import Requirements

REFUSAL = (
    "No command-line tool was understood in this description. Such tools can: read CSV, TSV, JSON "
    "or JSON lines and filter, select, rename, group, total, sort, limit, deduplicate, validate, "
    "merge or convert; count words and lines, search, sort or replace in text; analyse access logs "
    "and logs with levels; convert units and calculate from arguments; keep records such as todos "
    "in a JSON file; report on the files of a folder; make passwords. Name the input, the columns "
    "and what to print."
)
_RECORDS = (
    r"\b(?:csv|tsv|json|jsonl|ndjson|spreadsheets?|comma[- ]separated|tab[- ]separated|columns?)\b"
)


def _not_records(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The pattern, in texts that do not speak of files of records."""
    return re.compile(rf"(?is)\A(?!.*{_RECORDS}).*?(?:{pattern.pattern})")


_Understand = Callable[[ToolDraft], Requirements | None]
_Applies = Callable[[str], object]


# The first family that applies and understands wins; the more telling its words, the earlier.
_FAMILIES: tuple[tuple[_Applies, _Understand], ...] = (
    (IS_PASSWORD.search, understand_password),
    (is_keeper, understand_keeper),
    (lambda text: not _speaks_of_data(text) and is_converter(text), understand_converter),
    (lambda text: not _speaks_of_data(text) and is_calculator(text), understand_calculator),
    (_not_records(IS_FOLDER).search, understand_folder),
    (_not_records(IS_LOG).search, understand_log),
    (_not_records(IS_TEXT).search, understand_text),
    (lambda _text: True, understand_records),
)


def _speaks_of_data(text: str) -> bool:
    return (
        re.search(
            rf"(?i){_RECORDS}|\b(?:logs?|text files?|rows|records|folders?|director(?:y|ies))\b",
            text,
        )
        is not None
    )


# Done to a text instead, "rename all files to lower case" would be something else altogether.
_CHANGES_FILES = re.compile(
    r"(?i)\b(?:renam|mov|copy|copi|delet|remov|back(?:s|ing)? up)\w*\s+(?:(?:all|the|my|many|multiple|old|every|each|of|empty|duplicate)\s+)*(?:files?|photos?|images?|pictures?|folders?|director(?:y|ies))\b"
)


def understand_tool(prompt: Prompt | str) -> Requirements:
    """The requirements of a described command-line tool.

    Raises NotUnderstood where nothing essential is understood.
    """
    asked = read_prompt(prompt) if isinstance(prompt, str) else prompt
    if _CHANGES_FILES.search(asked.plain) is not None:
        raise NotUnderstood(
            "Tools that rename, move, copy or delete files are not built. "
            + REFUSAL.partition(". ")[2]
        )
    for applies, understand in _FAMILIES:
        if not applies(asked.plain):
            continue
        try:
            found = understand(ToolDraft(asked, Marks(asked.plain)))
        except ValidationError as error:
            # The domain has limits, and rules of its own: what breaks them is too much to build.
            problem = error.errors()[0]["msg"]
            raise NotUnderstood(
                f"The description asks for more than one tool can hold ({problem}); describe less."
            ) from None
        if found is not None:
            return found
    raise NotUnderstood(REFUSAL)


_SERVICE = re.compile(
    r"\b(?:rest(?:ful)?|apis?|http (?:service|server|api)|endpoints?\b(?! in)|back-?end|crud|web ?(?:service|app\w*|site)"
    r"|micro-?services?|services?(?! starts| is| =)|platform|database|users? can|members?|belongs? to|at most \d+)\b",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\b(?:csv|tsv|jsonl|ndjson|json[ -]lines|\w+\.(?:csv|tsv|jsonl?|log|txt)|rename the columns?|rows where"
    r"|(?:show|list|print) \w+ where|grep(?:-like)?|(?:duplicate|last|first|unique|sort(?:ed)?|print|\d+) lines"
    r"|text files?|words in|occurrences of|checksums?|sha-?256)\b",
    re.IGNORECASE,
)


def speaks_of_a_tool(plain: str) -> bool:
    """Whether a normalised text describes work of a command-line tool without calling it one.

    "Find duplicate lines", "top 10 customers by revenue from orders.csv", "BMI calculator": no
    words of services, and work on files, arguments or a folder.
    """
    # A quoted word is a value, such as the name of a service in a log.
    if _SERVICE.search(re.sub(r"\"[^\"]*\"", "", plain)) is not None:
        return False
    keeper = is_keeper(plain) and re.search(r"(?i)\.json\b|\bjson file\b", plain) is not None
    log = re.search(r"(?i)\b(?:access|server|web|error)?[ -]?log(?:s| files?| analy\w+)\b", plain)
    return bool(
        keeper
        or log
        or _DATA.search(plain)
        or IS_PASSWORD.search(plain)
        or is_converter(plain)
        or is_calculator(plain)
        or IS_FOLDER.search(plain)
        or _counts_orders(plain)
    )


def _counts_orders(plain: str) -> bool:
    """ "Count how many orders each customer made": a question to data, no system to build."""
    return re.match(r"(?i)\s*count how many\b", plain) is not None
