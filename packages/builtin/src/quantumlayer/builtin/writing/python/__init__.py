"""HTTP services in Python: FastAPI over SQLite."""
