"""`python -m starter_name`: serves until it is told to stop."""

import uvicorn

from starter_name.application import create_app
from starter_name.settings import Settings


def main() -> None:
    """Serve with the settings of the environment."""
    settings = Settings()
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port)


if __name__ == "__main__":
    main()
