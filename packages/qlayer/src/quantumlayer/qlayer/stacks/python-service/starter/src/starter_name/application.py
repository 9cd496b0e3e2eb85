"""The application: its parts, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from starter_name import health
from starter_name.database import Database
from starter_name.notes import routes as notes
from starter_name.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Build the service; its database is migrated before it serves."""
    database = Database(settings.database_path)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        database.migrate()
        yield

    app = FastAPI(title="starter-name", version="1.0.0", lifespan=lifespan)
    app.state.database = database
    app.include_router(health.router)
    app.include_router(notes.router)
    return app
