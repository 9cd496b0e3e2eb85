"""How the code measures, in the report and on its page."""

from quantumlayer.parser import SourceText, analyze
from quantumlayer.qlayer.quality import CodeSummary, assess, render_page, summarize_code
from tests.support import sample_project as sample

HARD = "def hard(a):\n" + "".join(
    f"{'    ' * depth}if a[{depth}]:\n" for depth in range(1, 6)
) + "    " * 6 + "return a\n"  # fmt: skip


async def summary(**files: str) -> CodeSummary | None:
    sources = [
        SourceText(path=path.replace("__", "."), content=text) for path, text in files.items()
    ]
    return summarize_code(await analyze(sources))


async def test_files_of_code_are_summed_up_and_others_left_out() -> None:
    code = await summary(a__py="def easy(): ...\n", b__json="{}", c__py=HARD, d__txt="text")
    assert code is not None
    assert [file.path for file in code.files] == ["a.py", "c.py"]
    assert (code.lines_of_code, code.functions) == (8, 2)
    assert [(one.name, one.cognitive_complexity) for one in code.hardest] == [("hard", 15)]
    assert code.quality == round((code.files[0].quality + 7 * code.files[1].quality) / 8)


async def test_without_code_there_is_nothing_to_say() -> None:
    assert await summary(b__json="{}") is None
    assert await summary(a__py="") is None


async def test_the_page_shows_the_measures_and_the_hardest_functions() -> None:
    report = assess(sample.requirements(), sample.blueprint(), sample.tree(), (), None)
    assert "Code quality" not in render_page(report, sample.tree())
    measured = report.model_copy(update={"code": await summary(c__py=HARD)})
    page = render_page(measured, sample.tree())
    assert "Code quality" in page
    assert "cognitive complexity 15" in page
    assert "1 function in 7 lines" in page
