"""A project that somebody else made fits the stacks whose signs it shows."""

import pytest

from quantumlayer.manifests import FilesInMemory
from quantumlayer.qlayer.stacks import fitting


@pytest.mark.parametrize(
    ("files", "first"),
    [
        ({"Dockerfile": "", "app.py": "from flask import Flask\n"}, "python-service"),
        ({"Dockerfile": "", "app.py": "# from flask import Flask\n"}, None),
        ({"app.py": "from flask import Flask\n"}, None),
        ({"tool.py": "import argparse\n"}, "python-tool"),
        ({"tool.py": "print('import argparse')\n", "pyproject.toml": ""}, "python-library"),
        (
            {
                "Dockerfile": "",
                "tsconfig.json": "",
                "package.json": '{"dependencies": {"koa": "3"}}',
            },
            "typescript-service",
        ),
        ({"go.mod": "", "a.go": "package a\n"}, "go-library"),
        ({"go.mod": "", "cmd/a/main.go": "package main\n"}, "go-tool"),
        (
            {
                "Dockerfile": "",
                "index.html": "",
                "package.json": '{"devDependencies": {"vite": "8", "vue": "3"}}',
            },
            "web-page",
        ),
        ({"Cargo.toml": "", "src/main.rs": ""}, "rust-tool"),
        ({"Cargo.toml": "", "src/lib.rs": ""}, "rust-library"),
        ({"core/pom.xml": ""}, "java-library"),
        (
            {
                "Dockerfile": "",
                "package.json": "{}",
                "server.js": "import http from 'node:http';\n",
            },
            "javascript-service",
        ),
        (
            {"Dockerfile": "", "package.json": "{}", "package-lock.json": '{"express": "4"}'},
            None,
        ),
        (
            {
                "Dockerfile": "",
                "index.html": "",
                "server.js": "app.get('/api/cards', list);\n",
                "package.json": '{"dependencies": {"express": "5", "react": "19", "vite": "8"}}',
            },
            "full-stack",
        ),
        ({"README.md": "Dockerfile"}, None),
    ],
)
def test_signs_decide(files: dict[str, str], first: str | None) -> None:
    found = fitting(FilesInMemory({path: text.encode() for path, text in files.items()}))

    assert (found[0].name if found else None) == first
