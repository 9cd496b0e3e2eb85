"""Dockerfiles as people write them: each is played as Docker would, down to who may write where."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import Outcome, Rung
from tests.packages.qtest.delivered import services
from tests.packages.qtest.delivered.conftest import ALL, ClimbService

HOLD = {
    "an account of Alpine's, and its name": """\
        FROM node:20-alpine
        RUN addgroup -S app && adduser -S -G app -h /home/app app && \\
            mkdir -p /data && chown -R app:app /data
        WORKDIR /srv/app
        COPY . .
        ENV PORT=3000 \\
            DATA_FOLDER=/data
        USER app
        EXPOSE 3000/tcp
        ENTRYPOINT ["node"]
        CMD ["service.js"]
        """,
    "an account of Debian's, the shell form, arguments": """\
        # syntax=docker/dockerfile:1
        ARG NODE_VERSION=20
        FROM node:${NODE_VERSION}-slim AS base
        ARG FOLDER=/data
        ENV DATA_FOLDER=${FOLDER} PORT=${PORT:-3000}
        RUN groupadd --gid 10001 app \\
            # a comment in between
            && useradd --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app \\
            && install -d -o app -g app "$DATA_FOLDER"

        FROM base
        WORKDIR /app
        COPY --chown=app:app package.json service.js /app/
        USER app
        EXPOSE $PORT
        CMD exec node service.js
        """,
    "here-documents, patterns, a folder's content": """\
        FROM node:20-slim
        WORKDIR /app
        RUN <<EOF
        set -e
        mkdir -p /data
        chown node /data
        EOF
        COPY *.js* ./
        COPY <<"EOF" /app/.env
        LITERAL=$HOME
        EOF
        RUN grep -q 'LITERAL=$HOME' .env
        USER node
        ENV PORT 3000
        ENV DATA_FOLDER=/data
        EXPOSE 3000
        HEALTHCHECK --interval=5s CMD node --eval "process.exit(0)"
        STOPSIGNAL SIGTERM
        CMD ["node", "service.js"]
        """,
    "a volume of its own for a user who owns it": """\
        FROM node:20-slim
        WORKDIR /app
        COPY package.json service.js ./
        RUN ["mkdir", "/data"]
        RUN ["chown", "1000:1000", "/data"]
        VOLUME /data
        USER 1000:1000
        ENV PORT=3000 DATA_FOLDER=/data
        EXPOSE 3000
        CMD ["node", "/app/service.js"]
        """,
}

BREAK = {
    "the data folder belongs to root": ("""\
        FROM node:20-slim
        WORKDIR /app
        RUN mkdir /data
        COPY package.json service.js ./
        USER node
        ENV PORT=3000 DATA_FOLDER=/data
        EXPOSE 3000
        CMD ["node", "service.js"]
        """, Rung.START, "it "),
    "a program that a slim image has not": ("""\
        FROM node:20-slim
        WORKDIR /app
        COPY package.json service.js ./
        ENV PORT=3000 DATA_FOLDER=/data
        EXPOSE 3000
        CMD curl --version && node service.js
        """, Rung.START, "curl: not found"),
    "a file that .dockerignore leaves out": ("""\
        FROM node:20-slim
        WORKDIR /app
        COPY secrets.txt service.js package.json ./
        CMD ["node", "service.js"]
        """, Rung.BUILD, "Dockerfile:3: COPY secrets.txt"),
    "a user who is not there": ("""\
        FROM node:20-slim
        COPY service.js package.json ./
        USER application
        CMD ["node", "service.js"]
        """, Rung.BUILD, "Dockerfile:3: the user `application`"),
    "a step that fails": ("""\
        FROM node:20-slim
        COPY service.js package.json ./
        RUN node --check missing.js
        CMD ["node", "service.js"]
        """, Rung.BUILD, "Dockerfile:3: this step ends with status 1"),
    "the shell in front of it keeps the signal": ("""\
        FROM node:20-slim
        WORKDIR /app
        COPY package.json service.js ./
        ENV PORT=3000 DATA_FOLDER=/data
        EXPOSE 3000
        CMD node service.js; echo ended
        """, Rung.STOP, "as the first process of its container"),
}  # fmt: skip

UNKNOWN = {
    "packages of the distribution": (
        "FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl\nCMD curl\n",
        "Dockerfile:2: this installs packages",
    ),
    "a base image of somebody's": (
        "FROM registry.example/team/base:3\nCMD run\n",
        "Dockerfile:1: Nothing on this machine stands for",
    ),
    "something from the internet": (
        "FROM debian:12-slim\nADD https://example.com/tool.tar.gz /opt/\nCMD tool\n",
        "Dockerfile:2: this fetches something",
    ),
    "no instruction": ("FROM debian:12-slim\nLAUNCH x\n", "Dockerfile:2: `LAUNCH`"),
}


def with_dockerfile(folder: Path, text: str) -> Path:
    services.write_service(folder, "node")
    lines = [line.removeprefix("        ") for line in text.splitlines()]
    (folder / "Dockerfile").write_text("\n".join(lines) + "\n")
    (folder / "secrets.txt").write_text("not for images\n")
    (folder / ".dockerignore").write_text("# what an image never needs\n**/*.txt\nDockerfile\n")
    return folder


@pytest.mark.parametrize("name", list(HOLD) if ALL else list(HOLD)[:3:2])
async def test_a_usual_dockerfile_holds(
    name: str, tmp_path: Path, climb_service: ClimbService
) -> None:
    # given
    folder = with_dockerfile(tmp_path, HOLD[name])
    # when
    results = await climb_service(folder, instances=1)
    # then
    other = [one for one in results.values() if one.outcome is not Outcome.HELD]
    assert {one.outcome for one in other} == {Outcome.SKIPPED}, other
    left_out = [Rung.TYPES, Rung.ROUTES, Rung.SECOND_INSTANCE, Rung.PAGES, Rung.BROWSER_TESTS]
    assert [one.rung for one in other] == left_out


@pytest.mark.parametrize("name", list(BREAK) if ALL else list(BREAK)[:4])
async def test_a_dockerfile_that_does_not_deliver_is_told(
    name: str, tmp_path: Path, climb_service: ClimbService
) -> None:
    # given
    text, rung, words = BREAK[name]
    folder = with_dockerfile(tmp_path, text)
    # when
    results = await climb_service(folder, instances=1, read_only=False)
    # then
    first = next(one for one in results.values() if one.outcome is Outcome.BROKEN)
    assert (first.rung, first.outcome) == (rung, Outcome.BROKEN), first
    assert words in first.reason, first.reason


@pytest.mark.parametrize("name", UNKNOWN)
async def test_what_cannot_be_played_here_is_said_not_to_be_known(
    name: str, tmp_path: Path, climb_service: ClimbService
) -> None:
    # given
    text, words = UNKNOWN[name]
    folder = with_dockerfile(tmp_path, text)
    # when
    results = await climb_service(folder)
    # then
    assert results[Rung.BUILD].outcome is Outcome.UNKNOWN
    assert words in results[Rung.BUILD].reason
