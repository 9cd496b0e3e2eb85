"""How often each rule speaks of good code: whole packages that many people rely on.

    python -m benchmarks.false_alarms                    counts, beside what is on record
    python -m benchmarks.false_alarms --read RULE …      alarms of the last count, for a reader
    python -m benchmarks.false_alarms --write            keeps the counts, and writes docs/rules.md

The packages and their versions stand in `precision.toml` of the parser; they are fetched once. What
was read by hand (`read`, `wrong`) stands there too, and only a reader changes it.
"""

import argparse
import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from benchmarks.figures import Figure, report
from benchmarks.good_code.corpus import corpus
from benchmarks.good_code.counting import Alarm, Count, counted, looked_at
from quantumlayer.parser import precision
from quantumlayer.parser.precision import MOST_WRONG, Measured, measured, record
from quantumlayer.parser.rules_page import rules_page

CACHE = Path(".quantumlayer/good-code")
ALARMS = Path(".quantumlayer/bench/false_alarms.alarms.json")
PAGE = Path(__file__).parents[1] / "docs/rules.md"
SHOWN = 20


def written(count: Count) -> str:
    """The rows of the record with new counts; what somebody read stays as it is."""
    alarms = Counter(one.rule for one in count.alarms)
    rows = []
    for name, files in sorted(looked_at(count).items()):
        known = measured().get(name, Measured(name, 0, 0))
        rows.append(
            f'[[rule]]\nid = "{name}"\nfiles = {files}\nalarms = {alarms[name]}\n'
            f"read = {known.read}\nwrong = {known.wrong}\n"
        )
    return "\n".join(rows)


def keep(count: Count) -> None:
    """Write the counts behind the list of packages in `precision.toml`, and the page of them."""
    place = Path(str(resources.files("quantumlayer.parser").joinpath("precision.toml")))
    head, _, _ = place.read_text("utf-8").partition("[[rule]]")
    by_authority = [row for row in record()["rule"] if "authority" in row]
    told = "".join(
        f'[[rule]]\nid = "{row["id"]}"\nauthority = "{row["authority"]}"\n\n'
        for row in by_authority
    )
    place.write_text(head + told + written(count))
    for cached in (precision.record, precision.measured):
        cached.cache_clear()
    PAGE.write_text(rules_page(), "utf-8")


def figures(count: Count) -> list[Figure]:
    """Of the rules that may block; and whether the record still says what is counted."""
    files = sum(number for name, number in count.files.items() if name)
    alarms = Counter(one.rule for one in count.alarms)
    looked = looked_at(count)
    blocking = [row for row in measured().values() if row.may_block and not row.authority]
    # What was read is known to be right; what came since then is not.
    wrong = {row.id: max(alarms[row.id] - (row.read - row.wrong), 0) for row in blocking}
    worst = max((1_000 * wrong[row.id] / (looked.get(row.id) or 1) for row in blocking), default=0)
    unlike = [
        name
        for name, total in looked.items()
        if name not in measured()
        or (measured()[name].alarms, measured()[name].files) != (alarms[name], total)
    ]
    packages = sum(map(len, record()["corpus"].values()))
    return [
        Figure("Good files", files, "files", aim=5_000, at_most=False),
        Figure("Packages", packages, "packages", aim=30, at_most=False),
        Figure("Files that a language's own checker judged", count.judged.total(), "files"),
        Figure("Rules that may block", len(blocking), "rules"),
        Figure("Wrong of one that may block, a thousand files", worst, "alarms", aim=MOST_WRONG),
        Figure(
            "Wrong of all that may block, a thousand files",
            1_000 * sum(wrong.values()) / files,
            "alarms",
            aim=2,
        ),
        Figure("Rules of which the record says something else", len(unlike), "rules", aim=0),
    ]


def read(alarms: Sequence[Alarm], rule: str) -> None:
    """Alarms of one rule, chosen by chance but always the same, for somebody to judge."""
    chosen = sorted(one for one in alarms if one.rule == rule)
    random.Random(9).shuffle(chosen)  # noqa: S311 - the same ones each time
    print(f"{len(chosen)} alarms of {rule}")
    for one in chosen[:SHOWN]:
        print(f"{one.path}:{one.line}\n    {one.shown}")


def tell(count: Count) -> None:
    """What was counted, rule by rule and language by language."""
    may = {name for name, row in measured().items() if row.may_block}
    for rule, number in sorted(Counter(one.rule for one in count.alarms).items()):
        print(f"{number:>6}  {rule}{'  may block' if rule in may else ''}", file=sys.stderr)
    for language, number in count.files.most_common(12):
        if language:
            judged = f", {count.judged[language]:,} judged by its own checker"
            print(f"{number:>6}  files of {language}{judged}", file=sys.stderr)


def main() -> None:
    """Counts; see the module."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--corpus", type=Path, default=CACHE)
    options.add_argument("--read", metavar="RULE", nargs="+")
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    if given.read:
        kept = [Alarm(*row) for row in json.loads(ALARMS.read_text("utf-8"))]
        for rule in given.read:
            read(kept, rule)
        return
    count = asyncio.run(counted(list(corpus(given.corpus.absolute()))))
    ALARMS.parent.mkdir(parents=True, exist_ok=True)
    ALARMS.write_text(json.dumps(count.alarms, ensure_ascii=False))
    tell(count)
    if given.write:
        keep(count)
    else:
        report("false_alarms", figures(count))


if __name__ == "__main__":
    main()
