"""The pages that a browser gets: sign-in, runs, one run as it happens."""

from quantumlayer.api.pages.routes import router

__all__ = ["router"]
