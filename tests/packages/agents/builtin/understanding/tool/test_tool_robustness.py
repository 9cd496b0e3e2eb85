"""Whatever is written, the analyst of tools answers with requirements or a refusal."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from quantumlayer.agents.builtin.understanding import NotUnderstood
from quantumlayer.agents.builtin.understanding.tool import understand_tool
from quantumlayer.agents.builtin.writing.python_tool.pipeline_code import emit
from quantumlayer.qlayer.requirements.tool import Pipeline

_TEXT = r"""
csv json tsv jsonl log access text file lines words rows columns column where is greater than
100 at least 2024-01-01 between 5 and 10 or not "a'b" 'x"y' status = != >= group by per each
sum average count total of top 3 first last sort sorted descending unique duplicates rename to
drop keep only select validate must be valid email required one of a, b, c. convert celsius
fahrenheit miles kilometers password 20 characters todo add list done remove priority (low,
high) bmi interest % folder files larger 5 MB sha256 errors hour ip -- ; : ( ) [ ] {{ }} {% %}
__import__ import os \ é 名前 price * quantity revenue =
"""
_WORDS = st.sampled_from(_TEXT.split())


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, min_size=1, max_size=40).map(" ".join))
def test_words_in_any_order_are_understood_or_refused(prompt: str) -> None:
    with suppress(NotUnderstood):
        requirements = understand_tool(prompt)
        assert requirements.tool is not None
        assert requirements.items


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused(prompt: str) -> None:
    with suppress(NotUnderstood):
        understand_tool(prompt)
        understand_tool(f"A command line tool that reads a CSV and filters rows where {prompt}")


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, min_size=3, max_size=25).map(" ".join))
def test_the_code_of_any_pipeline_is_python(prompt: str) -> None:
    with suppress(NotUnderstood):
        tool = understand_tool(f"A command line tool that reads a CSV, {prompt}").tool
        assert tool is not None
        if isinstance(tool.program, Pipeline):
            for function in emit(tool.program).functions:
                compile(function, "generated", "exec")


def test_a_long_description_takes_no_time_worth_mentioning() -> None:
    # Bounded by the suite's own limit a test; a pattern that explodes would never come back.
    clause = "and the total amount per region where price is greater than 10 or status is open, "
    with suppress(NotUnderstood):
        understand_tool("A command line tool that reads a CSV " + clause * 200)
