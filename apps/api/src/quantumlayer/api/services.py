"""What the API leans on, opened once a process."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from redis.asyncio import Redis

from quantumlayer.api.temporal import Workflows
from quantumlayer.core.database import Database
from quantumlayer.core.events import EventLog
from quantumlayer.core.identity import Credentials
from quantumlayer.core.objects import FolderObjectStore, ObjectStore
from quantumlayer.core.runs import workflow_id
from quantumlayer.core.runs.recorder import RunRecorder
from quantumlayer.core.settings import ApiSettings
from quantumlayer.parser import Parser


@dataclass(frozen=True)
class Services:
    """The outside world, as the resolvers see it."""

    settings: ApiSettings
    database: Database
    redis: Redis
    events: EventLog
    recorder: RunRecorder
    objects: ObjectStore
    credentials: Credentials
    workflows: Workflows
    parser: Parser

    @property
    def base_url(self) -> str:
        """How others reach the API, without a slash at the end."""
        settings = self.settings
        host = f"[{settings.api_host}]" if ":" in settings.api_host else settings.api_host
        return (settings.api_url or f"http://{host}:{settings.api_port}").rstrip("/")

    def workflow_url(self, run_id: UUID, prompt: str) -> str | None:
        """A run's workflow in Temporal's UI; None where there is no UI."""
        ui = self.settings.temporal_ui_url
        if ui is None:
            return None
        namespace = quote(self.settings.temporal_namespace, safe="")
        workflow = quote(workflow_id(run_id, prompt), safe="")
        return f"{ui.rstrip('/')}/namespaces/{namespace}/workflows/{workflow}"

    async def close(self) -> None:
        """Gives every connection back."""
        await self.parser.aclose()
        await self.redis.aclose()
        await self.database.close()


def open_services(settings: ApiSettings) -> Services:
    """Makes the clients; none connects before it is used."""
    database = Database(settings.database_url)
    redis: Redis = Redis.from_url(
        settings.redis_url, socket_connect_timeout=2, health_check_interval=15
    )
    events = EventLog(database, redis)
    return Services(
        settings=settings,
        database=database,
        redis=redis,
        events=events,
        recorder=RunRecorder(database, events),
        objects=FolderObjectStore(settings.object_store),
        credentials=Credentials(database),
        workflows=Workflows(database, settings.temporal_address, settings.temporal_namespace),
        parser=Parser(),
    )
