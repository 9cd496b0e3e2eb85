"""Python: requirements files, pyproject.toml, setup.cfg, setup.py, Pipfile, environment.yml."""
