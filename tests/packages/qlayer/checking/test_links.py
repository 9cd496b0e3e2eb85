"""Where links lead is worked out on names alone."""

import pytest

from quantumlayer.qlayer.checking.links import MOST_HOPS, LeadsOut, circular, destination


@pytest.mark.parametrize(
    ("links", "ends"),
    [
        ({"a": "b/c"}, "b/c"),
        ({"x/a": "../b"}, "b"),
        ({"a": "."}, ""),
        ({"a": "b", "b": "c/d", "c": "e"}, "e/d"),
        ({"a": "b", "b": "a"}, None),
        ({"a": "a/b"}, None),
    ],
)
def test_a_link_ends_where_the_last_one_leads(links: dict[str, str], ends: str | None) -> None:
    assert destination(next(iter(links)), links) == ends


@pytest.mark.parametrize(
    "links",
    [{"a": ".."}, {"a": "/b"}, {"x/a": "../../b"}, {"x/a": "y/../..", "x/y": ".."}],
)
def test_a_link_that_passes_above_the_folder_leads_out(links: dict[str, str]) -> None:
    with pytest.raises(LeadsOut):
        destination(next(iter(links)), links)


def test_a_chain_is_followed_as_far_as_the_kernel_does() -> None:
    chain = {f"l{n}": f"l{n + 1}" for n in range(MOST_HOPS)}
    assert destination("l0", chain) == f"l{MOST_HOPS}"
    assert destination("l0", {**chain, f"l{MOST_HOPS}": "end"}) is None


def test_of_each_circle_one_link_is_left_out() -> None:
    assert circular({"a/self": "a", "a/up": "", "b/to": "c", "c/back": "b", "d": "b"}) == [
        "a/self", "a/up", "c/back",
    ]  # fmt: skip
    assert circular({"a/to": "b", "b/to": "c", "d": "a", "e/to": "c"}) == []
