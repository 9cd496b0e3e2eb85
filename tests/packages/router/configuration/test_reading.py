"""A configuration is read whole, or refused with the lines that are wrong and what to do."""

from decimal import Decimal
from pathlib import Path

import pytest

from quantumlayer.router.configuration import (
    Configuration,
    ConfigurationError,
    read_file,
    read_text,
)
from quantumlayer.router.configuration.facts import price_of

HASH = "sha256:" + "a" * 64
TIER = "{from_tokens: 200000, input: 2.5, output: 15, cached: 0.25}"
WHOLE = f"""\
redis: ${{REDIS_URL:-redis://localhost:6379/0}}
providers:
  openai:
    api_key: ${{OPENAI_API_KEY}}
    rates: {{requests_a_minute: 500, tokens_a_minute: 1000000}}
  local:
    base_url: http://127.0.0.1:11434/v1
models:
  fast:
    strategy: least_latency
    deployments:
      - {{model: openai/gpt-5-mini, weight: 3, tags: [eu]}}
      - {{model: local/qwen3, price: {{input: 0, output: 0}}}}
    fallbacks: [slow]
  slow:
    deployments: [{{model: openai/gpt-5, price: {{input: 1.25, output: 10, cached: 0.125}}}}]
modules:
  secrets: {{module: secrets}}
organisations:
  acme:
    budgets: [{{usd: 100.50, per: month}}]
    modules: [secrets]
    projects:
      search: {{models: [fast]}}
    keys:
      ci: {{hash: "{HASH}", project: search, expires: 2030-01-01T00:00:00Z}}
cache: {{seconds: 60}}
"""
ENVIRONMENT = {"OPENAI_API_KEY": "sk-one"}


def refused(text: str, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigurationError) as raised:
        read_text(text, ENVIRONMENT if environment is None else environment)
    return str(raised.value)


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def test_a_whole_configuration_is_read_with_the_environment_in_it() -> None:
    read = read_text(WHOLE, ENVIRONMENT)
    assert read.redis is not None
    assert read.redis.get_secret_value() == "redis://localhost:6379/0"
    key = read.providers["openai"].api_key
    assert key is not None
    assert key.get_secret_value() == "sk-one"
    assert read.models["fast"].deployments[0].weight == 3
    assert read.organisations["acme"].budgets[0].usd == Decimal("100.5")
    expires = read.organisations["acme"].keys["ci"].expires
    assert expires is not None
    assert expires.year == 2030


def test_prices_may_have_tiers_by_the_length_of_the_prompt() -> None:
    read = read_text(changed("cached: 0.125", f"cached: 0.125, tiers: [{TIER}]"), ENVIRONMENT)
    [deployment] = read.models["slow"].deployments
    price = price_of(deployment.model, deployment.price)
    assert price is not None
    assert price.cost(199_999, 0) == 199_999 * Decimal("0.00000125")
    # Every token of a call costs what the length of its prompt says, its answer's too.
    long = 200_000 * Decimal("0.0000025") + Decimal("0.000015") - 9 * Decimal("0.00000225")
    assert price.cost(200_000, 1, cached=9) == long


def test_a_secret_is_not_shown_when_the_configuration_is_printed() -> None:
    assert "sk-one" not in repr(read_text(WHOLE, ENVIRONMENT))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight: 3", "weight: many", "12:44: models.fast.deployments.0.weight: Input should"),
        ("strategy:", "strategie:", "10:16: models.fast.strategie: no such key; did you mean"),
        ("openai/gpt-5-mini", "opneai/gpt-5-mini", "no provider 'opneai'; did you mean 'openai'?"),
        ("openai/gpt-5-mini", "gpt-5-mini", "must be written as provider/model"),
        ("fallbacks: [slow]", "fallbacks: [snail]", "there is no model 'snail'"),
        ("modules: [secrets]", "modules: [secret]", "no module 'secret'; did you mean 'secrets'?"),
        ("project: search", "project: find", "there is no project 'find'; there is search"),
        ("per: month", "per: year", "Input should be 'day', 'month', 'lifetime' or 'run'"),
        (
            "local/qwen3,",
            "openai/gpt-5-mini,",
            "'openai/gpt-5-mini' stands here twice: leave one out, or give it a `name` of its own",
        ),
        (
            "openai/gpt-5,",
            "local/qwen3,",
            "'local/qwen3' is another one in the model 'fast' (model, region or price)",
        ),
        ("project: search,", "routes: {tags: [small]},", "no tag 'small'; there is eu"),
        ("project: search,", "routes: {regions: [eu]},", "no region 'eu'; there is none"),
        ("project: search,", "routes: {only: true},", "routes: `only` needs the regions"),
        ("usd: 100.50", "usd: -1", "greater than or equal to 0"),
        ("  acme:", "  ac me:", "String should match pattern"),
        ("cached: 0.125", "tiers: [{input: 2, output: 9}]", "tiers.0.from_tokens: this is missing"),
        (
            "cached: 0.125",
            f"tiers: [{TIER}, {TIER}]",
            "deployments.0.price: two tiers begin at 200,000 tokens: leave one of them out",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_to_write(
    old: str, new: str, said: str
) -> None:
    assert said in refused(changed(old, new))


def test_every_problem_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = changed("weight: 3", "weight: many").replace("per: month", "per: year")
    lines = refused(text).splitlines()
    assert [line.split(":")[0] for line in lines] == ["12", "21"]


def test_what_only_follows_from_a_problem_is_not_told_beside_it() -> None:
    text = changed("local/qwen3, price: {input: 0", "local/qwen3, price: {input: much")
    said = refused(changed("weight: 3", "weight: x").replace("{input: 0", "{input: much"))
    assert "too_short" not in said
    assert len(said.splitlines()) == 2
    assert len(refused(text).splitlines()) == 1


def test_a_missing_variable_is_named_and_an_empty_one_counts_as_missing() -> None:
    for environment in ({}, {"OPENAI_API_KEY": ""}):
        said = refused(WHOLE, environment)
        assert "4:14: providers.openai.api_key: the environment has no OPENAI_API_KEY" in said


@pytest.mark.parametrize(
    "value", ["x\nadmin: [evil]", "a: b", "#gone", '"', "*alias", "${OTHER}", "$$", "12", "~"]
)
def test_a_variable_stays_within_its_value(value: str) -> None:
    read = read_text(changed("${OPENAI_API_KEY}", '"${OPENAI_API_KEY}"'), {"OPENAI_API_KEY": value})
    key = read.providers["openai"].api_key
    assert key is not None
    assert key.get_secret_value() == value
    assert read.admin == ()


def test_a_number_may_come_from_a_variable() -> None:
    read = read_text(changed("weight: 3", 'weight: "${WEIGHT:-7}"'), ENVIRONMENT)
    assert read.models["fast"].deployments[0].weight == 7


def test_two_dollars_are_one() -> None:
    read = read_text(changed("${OPENAI_API_KEY}", "a$$b$${c}"), {})
    key = read.providers["openai"].api_key
    assert key is not None
    assert key.get_secret_value() == "a$b${c}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("providers: [", "1:13: this is no YAML"),
        ("providers: {a: {}}\nproviders: {b: {}}", "2:1: 'providers' stands here twice"),
        ("? [a]\n: b", "a key must be a name"),
        ("- a", "1:1: Input should be a valid dictionary"),
        ("", "providers: this is missing"),
        ("a: &x [*x]", "holds itself"),
        ("a: !!python/object:os.system x", "1:4: a: 'x' is not what its tag"),
        ("a: !!int many", "'many' is not what its tag 'int' says"),
    ],
)
def test_what_is_no_configuration_is_refused_with_a_sentence(text: str, said: str) -> None:
    assert said in refused(text)


def test_aliases_that_grow_without_end_are_refused() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "larger than" in refused("\n".join(["l0: &l0 [x, x]", *levels]))


def test_a_circle_of_fallbacks_is_shown() -> None:
    text = changed("  slow:\n", "  slow:\n    fallbacks: [fast]\n")
    assert "fallbacks may not lead back: fast → slow → fast" in refused(text)


def test_one_key_has_one_owner() -> None:
    text = changed("cache:", f"  zeta:\n    keys: {{one: {{hash: '{HASH}'}}}}\ncache:")
    assert "the same key as acme/ci" in refused(text)


def test_a_file_is_named_and_its_line_shown_but_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(changed("weight: 3", "weight: many").replace("${OPENAI_API_KEY}", "[sk-two]"))
    with pytest.raises(ConfigurationError) as raised:
        read_file(path, {})
    said = str(raised.value)
    assert "gateway.yaml:12:44:" in said
    assert "- {model: openai/gpt-5-mini, weight: many, tags: [eu]}" in said
    assert "gateway.yaml:4:14: providers.openai.api_key:" in said
    assert "sk-two" not in said


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a" * 5_000_000], ids=["bytes", "large"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_file(path, {})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"missing\.yaml.*No such file"):
        read_file(tmp_path / "missing.yaml", {})


def test_json_is_yaml() -> None:
    read = read_text('{"providers": {"openai": {"api_key": "k"}}}', {})
    assert isinstance(read, Configuration)
