"""What Prometheus reads adds up to the calls that were made."""

from prometheus_client.parser import text_string_to_metric_families

from quantumlayer.gateway.observability import Measured, Metrics
from quantumlayer.router.guardrails import Counts, Outcome, Side


def series(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels' values in the order of their names."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }


def call(**more: object) -> Measured:
    values: dict[str, object] = {
        "organisation": "acme",
        "model": "fast",
        "provider": "openai",
        "endpoint": "chat",
        "status": 200,
        "cache": "miss",
        "attempts": 1,
        "duration": 0.25,
    }
    return Measured(**{**values, **more})  # type: ignore[arg-type] # each is of its field's type


def test_calls_tokens_and_dollars_are_counted_for_those_who_made_them() -> None:
    metrics = Metrics(Counts())
    for organisation in ("acme", "acme", "other"):
        metrics.add(call(organisation=organisation, input_tokens=10, cached_tokens=4, cost=0.5))
    read = series(metrics)
    assert read["ql_gateway_calls_total", "chat", "fast", "acme", "openai", "200"] == 2
    assert read["ql_gateway_tokens_total", "input", "fast", "acme", "openai"] == 20
    assert read["ql_gateway_tokens_total", "cached", "fast", "other", "openai"] == 4
    assert read["ql_gateway_cost_usd_total", "fast", "acme", "openai"] == 1


def test_tries_after_the_first_are_failovers() -> None:
    metrics = Metrics(Counts())
    metrics.add(call(attempts=1))
    metrics.add(call(attempts=3))
    assert series(metrics)["ql_gateway_failovers_total", "fast"] == 2


def test_times_are_spread_over_buckets() -> None:
    metrics = Metrics(Counts())
    metrics.add(call(duration=0.25, first_token=0.05, own=0.0005))
    read = series(metrics)
    assert read["ql_gateway_duration_seconds_bucket", "0.1", "fast", "openai"] == 0
    assert read["ql_gateway_duration_seconds_bucket", "0.5", "fast", "openai"] == 1
    assert read["ql_gateway_first_token_seconds_count", "fast", "openai"] == 1
    assert read["ql_gateway_overhead_seconds_bucket", "chat", "0.001"] == 1


def test_modules_and_refusals_are_counted_by_what_they_did() -> None:
    counts = Counts()
    metrics = Metrics(counts)
    counts.add("secrets", Side.REQUEST, Outcome.REFUSED)
    counts.seconds["secrets"] += 0.25
    metrics.refused("acme", "budget")
    metrics.audit_failed()
    read = series(metrics)
    assert read["ql_gateway_module_total", "secrets", "refused", "request"] == 1
    assert read["ql_gateway_module_seconds_total", "secrets"] == 0.25
    assert read["ql_gateway_refused_total", "acme", "budget"] == 1
    assert read["ql_gateway_audit_failures_total",] == 1
