"""The map of a tree: what others lean on comes first, within the budget."""

import pytest

from quantumlayer.parser import FileAnalysis, Parser, SourceText, ranked_symbols, source_map
from quantumlayer.parser.source_map import tokens

TREE = {
    "shop/money.py": (
        "class Money:\n"
        "    def rounded(self, digits: int) -> 'Money':\n"
        "        return self\n"
        "\n"
        "def parse_money(text: str) -> Money:\n"
        "    return Money()\n"
        "\n"
        "def _helper():\n"
        "    return 1\n"
    ),
    "shop/orders.py": (
        "from shop.money import Money, parse_money\n"
        "\n"
        "def total(prices: list[Money]) -> Money:\n"
        "    return parse_money('1').rounded(2)\n"
    ),
    "shop/api.py": (
        "from shop.money import parse_money\n"
        "from shop.orders import total\n"
        "\n"
        "def answer(text):\n"
        "    return ','.join(str(total([parse_money(text)])))\n"
    ),
    "shop/texts.py": "def join(words):\n    return words\n",
}


@pytest.fixture(scope="module")
async def analyses(parser: Parser) -> tuple[FileAnalysis, ...]:
    return await parser.analyze(
        [SourceText(path=path, content=text) for path, text in TREE.items()]
    )


def test_what_most_lean_on_comes_first(analyses: tuple[FileAnalysis, ...]) -> None:
    names = [one.symbol.name for one in ranked_symbols(analyses)]
    assert set(names[:3]) == {"parse_money", "Money", "total"}


def test_ranks_are_shares_of_the_whole(analyses: tuple[FileAnalysis, ...]) -> None:
    ranked = ranked_symbols(analyses)
    assert all(one.rank > 0 for one in ranked)
    assert sum(one.rank for one in ranked) <= 1.01


def test_a_method_of_the_same_name_elsewhere_is_chance(
    analyses: tuple[FileAnalysis, ...],
) -> None:
    names = [one.symbol.name for one in ranked_symbols(analyses)]
    assert names.index("join") > names.index("rounded")


def test_symbols_are_shown_as_they_are_defined(analyses: tuple[FileAnalysis, ...]) -> None:
    assert source_map(analyses, TREE, budget=1_000) == (
        "shop/money.py:\n"
        "    1 class Money:\n"
        "    2     def rounded(self, digits: int) -> 'Money':\n"
        "    5 def parse_money(text: str) -> Money:\n"
        "    8 def _helper():\n"
        "shop/orders.py:\n"
        "    3 def total(prices: list[Money]) -> Money:\n"
        "shop/texts.py:\n"
        "    1 def join(words):\n"
        "shop/api.py:\n"
        "    4 def answer(text):"
    )


@pytest.mark.parametrize("budget", [0, 5, 20, 40, 80])
def test_the_budget_holds(analyses: tuple[FileAnalysis, ...], budget: int) -> None:
    text = source_map(analyses, TREE, budget=budget)
    assert tokens(text) <= budget
    assert ("parse_money" in text) == (budget >= 20)


def test_what_is_in_focus_moves_up(analyses: tuple[FileAnalysis, ...]) -> None:
    def place(focus: tuple[str, ...]) -> int:
        names = [one.symbol.name for one in ranked_symbols(analyses, focus)]
        return names.index("rounded")

    assert place(("rounded",)) < place(())


def test_nothing_gives_an_empty_map() -> None:
    assert source_map((), {}) == ""
