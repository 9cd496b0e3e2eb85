"""Where each deployment of a configuration is reached, and by which price it is chosen."""

import pytest

from quantumlayer.gateway.serving.building import check, upstreams_of
from quantumlayer.router.configuration import ConfigurationError, read_text
from quantumlayer.router.configuration.table import routing_table

TEXT = """\
providers:
  openai: {api_key: one}
  work: {kind: openai, api_key: two}
  acme: {base_url: "https://acme.example/openai/v1", api_key: three}
  aws: {wire: other}
  here: {wire: in_process}
models:
  fast:
    deployments:
      - {model: openai/gpt-5-mini}
      - {model: work/gpt-5-mini}
      - {model: acme/gpt-5-mini}
      - {model: acme/gpt-5-mini, name: dear, price: {input: 3, output: 15}}
      - {model: aws/bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0}
      - {model: here/builtin}
"""


def test_a_second_account_is_reached_where_the_first_is_with_its_own_key() -> None:
    found = upstreams_of(read_text(TEXT, {}))
    targets = [
        native.endpoint.target
        for name in ("openai/gpt-5-mini", "work/gpt-5-mini")
        if (native := found[name].native) is not None
    ]
    assert [target.url for target in targets] == ["https://api.openai.com/v1"] * 2
    assert [target.key for target in targets] == ["one", "two"]


async def test_prices_are_those_of_the_configuration_else_of_who_is_really_asked() -> None:
    configuration = read_text(TEXT, {})
    asked = {
        name: price and float(price.input_usd * 1_000_000)
        for name, one in upstreams_of(configuration).items()
        for price in [await one.price()]
    }
    expected = {
        "openai/gpt-5-mini": 0.25,
        "work/gpt-5-mini": 0.25,
        # Nobody knows what somebody's own address costs.
        "acme/gpt-5-mini": None,
        "dear": 3,
        "aws/bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0": 3,
        "here/builtin": 0,
    }
    assert asked == expected
    routed = {
        one.name: one.price and float(one.price.input_usd * 1_000_000)
        for one in routing_table(configuration).deployments()
    }
    assert routed == expected


@pytest.mark.parametrize(
    "wrong", ["work: {kind: opneai, api_key: two}", "work: {api_key: two}"], ids=["kind", "none"]
)
def test_a_provider_that_nobody_knows_needs_an_address(wrong: str) -> None:
    configuration = read_text(TEXT.replace("work: {kind: openai, api_key: two}", wrong), {})
    with pytest.raises(ConfigurationError, match=r"give it a base_url, or as its kind one of open"):
        check(configuration)
