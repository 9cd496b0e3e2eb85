"""Counts are asked of whoever would be asked for the answer."""

import json
from pathlib import Path

import pytest

from tests.support.gateway import gateway
from tests.support.raw_server import Answer, raw_server, whole

# Prompts from 1,000 tokens on are cheaper with the first, shorter ones with the second.
CHEAPEST = """\
state: STATE
providers:
  one: {base_url: "ONE", wire: anthropic}
  two: {base_url: "TWO", wire: anthropic}
models:
  fast:
    strategy: lowest_cost
    deployments:
      - {model: one/a, price: {input: 1, output: 1001}}
      - {model: two/b, price: {input: 2, output: 1}}
organisations: {acme: {keys: {ci: {hash: "KEY"}}}}
"""


def counting(tokens: int) -> Answer:
    return whole(json.dumps({"input_tokens": tokens}).encode())


@pytest.mark.parametrize(("characters", "counted"), [(1_500, 2), (4_500, 1)])
async def test_the_size_that_prices_are_compared_by_is_in_tokens(
    tmp_path: Path, characters: int, counted: int
) -> None:
    async with raw_server(counting(1)) as one, raw_server(counting(2)) as two:
        text = CHEAPEST.replace("ONE", one.url).replace("TWO", two.url)
        async with gateway(tmp_path, text) as client:
            messages = [{"role": "user", "content": "x" * characters}]
            asked = {"model": "fast", "messages": messages}
            answer = await client.post("/v1/messages/count_tokens", json=asked)
    assert answer.json() == {"input_tokens": counted}
