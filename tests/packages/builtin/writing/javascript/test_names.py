"""Names that would mean something else in the generated modules are avoided."""

from quantumlayer.builtin.language import read_description
from quantumlayer.builtin.writing.javascript.names import names_of
from quantumlayer.builtin.writing.service.model import service_view
from quantumlayer.qlayer.requirements import Language

PROMPT = (
    "An API of an office. Reports have a title. Problems have a name."
    " Tables have a number. Classes have a name. Checks have a name."
)


def test_entities_with_the_names_of_our_own_modules_are_told_apart() -> None:
    names = names_of(service_view(read_description(PROMPT, Language.JAVASCRIPT)))
    assert names["Report"].type == "Report"
    assert names["Check"].type == "CheckRecord"
    assert names["ProblemRecord"].type == "ProblemRecord"
    assert names["Table"].type == "TableRecord"
    assert (names["Table"].variable, names["ClassRecord"].variable) == (
        "tableRecord",
        "classRecord",
    )
