"""Guardrail modules: what they find in public sets, what they wrongly find in code, what they cost.

    make bench NAME=guardrails                      measures
    QL_BENCH_RECORD=yes make bench NAME=guardrails  and writes the tables of docs/guardrails.md

The sets are samples kept in `benchmarks/guardrail_sets`. Ordinary code is this repository's own and
that of installed packages. A file in which something is found counts as one false alarm, whatever
it is. Time is the thread's own: modules only compute, and what else runs here is not theirs.
"""

import os
import sys
from pathlib import Path

from benchmarks.figures import report
from benchmarks.guardrail_measures.costs import costs
from benchmarks.guardrail_measures.false_alarms import false_alarms
from benchmarks.guardrail_measures.recall import recall
from benchmarks.guardrail_sets import public_sets
from benchmarks.guardrail_sets.page import written

PAGE = Path(__file__).parents[1] / "docs/guardrails.md"


def main() -> int:
    """Measure, print, write; 1 when an aim is missed."""
    sets = public_sets()
    groups = [recall(sets), false_alarms(sets), costs()]
    figures = [figure for group in groups for figure in group]
    report("guardrails", figures)
    if os.environ.get("QL_BENCH_RECORD"):
        PAGE.write_text(written(PAGE.read_text("utf-8"), groups, sets), "utf-8")
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
