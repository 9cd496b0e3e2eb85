"""Groups and their chains: what cannot work is refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quantumlayer.router.routing import Deployment, Group, RoutingTable


def group(name: str, *fallbacks: str, deployment: Deployment | None = None) -> Group:
    one = deployment or Deployment(name=f"{name}-1", model=f"openai/{name}")
    return Group(name=name, deployments=(one,), fallbacks=fallbacks)


def test_a_chain_is_the_group_then_its_fallbacks_then_theirs() -> None:
    table = RoutingTable(
        groups=(
            group("fast", "smart", "cheap"),
            group("smart", "large"),
            group("cheap", "large"),
            group("large"),
        )
    )

    assert [one.name for one in table.chain("fast")] == ["fast", "smart", "cheap", "large"]
    assert [one.name for one in table.chain("large")] == ["large"]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ((group("a", "b"), group("b", "c"), group("c", "b")), "in a circle: b → c → b"),
        ((group("a", "a"),), "in a circle: a → a"),
        ((group("a", "b"),), "the group 'a' falls back to 'b', which does not exist; there are: a"),
        ((group("a"), group("a")), "two groups have the name 'a'"),
        (
            (
                group("a", deployment=Deployment(name="x", model="openai/one")),
                group("b", deployment=Deployment(name="x", model="openai/two")),
            ),
            "the deployment 'x' is 'openai/one' in None and 'openai/two' in None",
        ),
    ],
)
def test_a_table_that_cannot_work_is_refused(groups: tuple[Group, ...], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        RoutingTable(groups=groups)


def test_one_deployment_may_have_two_weights_in_two_groups() -> None:
    light = Deployment(name="x", model="openai/one", weight=1)
    RoutingTable(
        groups=(
            group("a", deployment=light),
            group("b", deployment=light.model_copy(update={"weight": 9})),
        )
    )


def test_a_group_that_names_a_deployment_twice_is_refused() -> None:
    one = Deployment(name="x", model="openai/one")
    with pytest.raises(ValidationError, match="names the deployment 'x' twice"):
        Group(name="a", deployments=(one, one))


def test_a_group_that_nobody_configured_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        RoutingTable(groups=(group("a"),)).chain("b")


names = st.sampled_from("abcdef")


@given(edges=st.dictionaries(names, st.lists(names, max_size=3), min_size=6))
def test_any_fallbacks_are_refused_exactly_when_they_go_round(edges: dict[str, list[str]]) -> None:
    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = list(edges[start])
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(edges[name])
        return found

    groups = tuple(group(name, *fallbacks) for name, fallbacks in edges.items())
    if any(name in reached(name) for name in edges):
        with pytest.raises(ValidationError, match="in a circle"):
            RoutingTable(groups=groups)
    else:
        table = RoutingTable(groups=groups)
        for name in edges:
            assert {one.name for one in table.chain(name)} == {name} | reached(name)
