"""What the router's tests share: a question, its answer, and a router to the scripted server."""

from decimal import Decimal
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from quantumlayer.router import (
    CallLimits,
    CallStore,
    CompletionRequest,
    ExternalModels,
    Message,
    ModelEndpoint,
    Price,
    Profile,
    ProviderDirectory,
    RetryPolicy,
    Router,
)
from tests.support.model_server import ModelServer

KEY = "sk-a-key-that-must-not-leak"
A_CENT_A_TOKEN = Price(input_usd=Decimal("0.01"), output_usd=Decimal("0.01"))
ADA: dict[str, JsonValue] = {"name": "Ada", "age": 36, "notes": []}


class Person(BaseModel):
    """The answer that is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    age: int = Field(ge=0)
    notes: tuple[str, ...] = ()


class Pauses:
    """Takes the place of waiting, and remembers for how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Does not wait."""
        self.seconds.append(seconds)


def router_to(
    base_url: str,
    store: CallStore,
    *,
    price: Price | None = None,
    pauses: Pauses | None = None,
    profile: Profile | None = None,
) -> Router:
    """A router whose only models are behind `base_url`, each of which is like `profile`."""
    endpoint = ModelEndpoint(base_url=base_url, api_key=SecretStr(KEY), price=price)
    external = ExternalModels(endpoint)
    known = profile or Profile()

    async def profiles(_model: str) -> Profile:
        return known

    return Router(
        ProviderDirectory({}, external),
        store,
        external,
        profiles=profiles,
        retry=RetryPolicy(retries=2),
        sleep=pauses or Pauses(),
    )


def question(
    organisation_id: UUID,
    *,
    key: str | None = None,
    run_id: UUID | None = None,
    text: str = "Who wrote the first program?",
    limits: CallLimits | None = None,
) -> CompletionRequest:
    """A request for a `Person`; its idempotency key is fresh unless given."""
    return CompletionRequest(
        task="who",
        organisation_id=organisation_id,
        run_id=run_id,
        model="openai/scripted",
        messages=(
            Message(role="system", content="You know people."),
            Message(role="user", content=text),
        ),
        input={"question": text},
        limits=limits or CallLimits(timeout_seconds=30),
        idempotency_key=key or str(uuid4()),
    )


def asked_for(server: ModelServer) -> list[str]:
    """The last message of every request that the server got, in their order."""
    return [request.messages[-1]["content"] for request in server.requests]


async def create_organisation(owner_url: str) -> UUID:
    """A fresh organisation, made by the role that may."""
    organisation_id = uuid4()
    engine = create_async_engine(owner_url)
    statement = text(
        "INSERT INTO organisations (id, slug, name, created_at) VALUES (:id, :slug, 'Test', now())"
    )
    async with engine.begin() as connection:
        await connection.execute(statement, {"id": organisation_id, "slug": str(organisation_id)})
    await engine.dispose()
    return organisation_id
