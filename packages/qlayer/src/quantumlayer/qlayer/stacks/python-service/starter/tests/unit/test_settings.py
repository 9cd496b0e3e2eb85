import pytest
from pydantic import ValidationError

from starter_name.settings import Settings


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_cannot_be_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)

    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "65535")
    monkeypatch.setenv("HOST", "::1")

    assert (Settings().port, Settings().host) == (65535, "::1")
