"""What an image promises of itself, by its Dockerfile."""

import pytest

from quantumlayer.qtest.delivered import Promises, promises_of

CONCATENATED = (
    """CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:' + """
    """os.environ['PORT'] + '/healthz', timeout=2)"]"""
)
FROM = "FROM debian:bookworm-slim\n"


@pytest.mark.parametrize(
    ("check", "path", "port"),
    [
        ("CMD curl --fail http://localhost:8000/healthz || exit 1", "/healthz", 8000),
        ("--interval=5s CMD wget -qO- http://127.0.0.1:${PORT}/api/health?full=1", "/api/health",
         None),
        (CONCATENATED, "/healthz", None),
        ("CMD curl -f http://localhost:3000 || exit 1", "/", 3000),
        ("CMD wget http://localhost:80 -O /dev/null", "/", 80),
        ("CMD curl -f http://localhost/live", "/live", 80),
        ("CMD curl -f http://localhost:99999/live", "/live", None),
        ("CMD curl -f http://[::1]:8080/ready", "/ready", 8080),
        ("CMD /app/check.sh", None, None),
        ("CMD curl https://example.com/status", None, None),
        ("NONE", None, None),
    ],
)  # fmt: skip
def test_the_path_that_a_health_check_asks_of_itself(
    check: str, path: str | None, port: int | None
) -> None:
    found = promises_of(f"{FROM}HEALTHCHECK {check}\n")
    assert (found.probes, found.asked_port) == ((path,) if path else (), port)
    assert found.serves is (path is not None)


def test_ports_and_volumes() -> None:
    found = promises_of(f'{FROM}EXPOSE 80\nVOLUME ["/data", "/more"]\nVOLUME /data $PLACE\n')
    assert found == Promises(serves=True, probes=(), volumes=("/data", "/more"))


def test_what_exposes_nothing_serves_nobody() -> None:
    assert not promises_of(f'{FROM}ENTRYPOINT ["tool"]\n').serves
