"""GraphQL over HTTP: one question, one answer, or one line that says what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from quantumlayer.cli.client.errors import RefusedError, refused
from quantumlayer.cli.client.patience import Patience
from quantumlayer.cli.client.reach import API_URL, Reach, say_to_stderr
from quantumlayer.cli.errors import PlatformError

if TYPE_CHECKING:
    # Imported where it is used, to keep every command's start short.
    import httpx

Json = dict[str, Any]
_TIMEOUT_SECONDS = 30.0
# Whoever answered once is worth waiting for: it is started again. Whoever never did is probably not
# there, but for the platform of this folder, which somebody keeps up.
PATIENCE_SECONDS = 300.0
_OWN_PATIENCE_SECONDS = 60.0
_FIRST_PATIENCE_SECONDS = 0.25


class Api:
    """The API behind one `Reach`; `say` is told when it keeps us waiting."""

    def __init__(self, reach: Reach, say: Callable[[str], None] = say_to_stderr) -> None:
        import httpx  # noqa: PLC0415 - loaded where it is used

        self.reach = reach
        self.http = httpx.Client(
            base_url=reach.api_url,
            headers={"authorization": f"Bearer {reach.key}"},
            timeout=httpx.Timeout(_TIMEOUT_SECONDS, connect=5.0),
            trust_env=not reach.is_loopback,
        )
        self._say = say
        self._answered = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def ask(self, query: str, variables: Json | None = None, *, repeatable: bool = True) -> Json:
        """The data of an operation.

        While the API does not answer, a `repeatable` operation is sent again for a while.
        Raises RefusedError for what the API refuses and PlatformError when it cannot be reached.
        """
        import httpx  # noqa: PLC0415 - loaded where it is used

        body = {"query": query, "variables": variables or {}}
        patience = self.patience() if repeatable else Patience(0.0, self._say)
        while True:
            try:
                data = self._data(self.http.post("/graphql", json=body))
            except httpx.TransportError as error:
                if patience.is_over_after(str(error)):
                    raise self.unreachable(error) from None
            except RefusedError as error:
                if error.code != "UNAVAILABLE" or patience.is_over_after(error.message):
                    raise
            else:
                patience.renew()
                return data

    def patience(self) -> Patience:
        """As much as it is worth to ask again while nobody answers."""
        if self._answered:
            return Patience(PATIENCE_SECONDS, self._say)
        seconds = _FIRST_PATIENCE_SECONDS if self.reach.remote else _OWN_PATIENCE_SECONDS
        return Patience(seconds, self._say)

    def unreachable(self, error: Exception) -> PlatformError:
        """What to tell the user when nobody answers."""
        return PlatformError(
            f"the API at {self.reach.api_url} does not answer ({error});"
            + (
                f" is {API_URL} right?"
                if self.reach.remote
                else " `quantumlayer status` says what runs, `quantumlayer up` starts it"
            )
        )

    def _data(self, response: httpx.Response) -> Json:
        self._answered = True
        try:
            answer = response.json()
        except ValueError:
            answer = None
        elsewhere = response.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
        if elsewhere or not isinstance(answer, dict) or not answer.keys() & {"data", "errors"}:
            raise PlatformError(
                f"{self.reach.api_url} answered {response.status_code} and no GraphQL;"
                " is QL_API_URL the address of a QuantumLayer API?"
            )
        if errors := answer.get("errors"):
            raise refusal(errors)
        data: Json = answer["data"]
        return data


def refusal(errors: list[Json]) -> RefusedError:
    """The first of an answer's errors."""
    first = errors[0]
    code = (first.get("extensions") or {}).get("code", "INTERNAL")
    return refused(str(code), str(first.get("message", "the API gave no reason")))
