"""What is asked of a worker's health port."""

import httpx
import pytest

from quantumlayer.worker.health import Counted, health_server
from tests.apps.worker.test_waiting import free_port


def counted() -> Counted:
    return [("keys", "request", "refused", 2), ("personal", "answer", "replaced", 1)]


@pytest.mark.parametrize(("awaited", "status"), [(None, 200), ("temporal", 503)])
async def test_it_says_whether_it_polls_for_work(awaited: str | None, status: int) -> None:
    port = free_port()
    async with health_server(port, lambda: awaited), httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/readyz")
    assert answer.status_code == status
    assert answer.json()["parts"] == ({} if awaited is None else {"temporal": "down"})


async def test_prometheus_reads_what_guardrails_did() -> None:
    port = free_port()
    async with (
        health_server(port, lambda: None, counted),
        httpx.AsyncClient(trust_env=False) as client,
    ):
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.splitlines()[1:] == [
        "# TYPE ql_worker_guardrails_total counter",
        'ql_worker_guardrails_total{module="keys",side="request",outcome="refused"} 2',
        'ql_worker_guardrails_total{module="personal",side="answer",outcome="replaced"} 1',
    ]
