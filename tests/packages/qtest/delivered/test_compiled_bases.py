"""Images of Java and Rust: what stands for them has what they have, and no more."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import CannotTell, Outcome, Rung
from quantumlayer.qtest.delivered.bases import base_for
from tests.packages.qtest.delivered.conftest import ALL, ClimbService

JAVA = """\
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Service {
    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/healthz", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            boolean known = exchange.getRequestURI().getPath().equals("/healthz");
            exchange.sendResponseHeaders(known ? 200 : 404, 2);
            exchange.getResponseBody().write("{}".getBytes());
            exchange.close();
        });
        server.start();
    }
}
"""
RUST = """\
use std::io::{Read, Write};
use std::net::TcpListener;

fn main() {
    let listener = TcpListener::bind("0.0.0.0:8080").unwrap();
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut asked = [0; 4096];
        let length = stream.read(&mut asked).unwrap_or(0);
        let known = asked[..length].starts_with(b"GET /healthz ");
        let status = if known { "200 OK" } else { "404 Not Found" };
        let kind = "Content-Type: application/json\\r\\nConnection: close\\r\\nContent-Length: 2";
        let _ = write!(stream, "HTTP/1.1 {status}\\r\\n{kind}\\r\\n\\r\\n{{}}");
    }
}
"""
CARGO = '[package]\nname = "service"\nversion = "1.0.0"\nedition = "2021"\n'
DERIVES = '\n[dependencies]\nserde = { version = "1", features = ["derive"] }\n'

HOLD = {
    "a kit compiles, a runtime runs": ("java", """\
        FROM eclipse-temurin:17-jdk-jammy AS build
        WORKDIR /src
        COPY Service.java ./
        RUN javac -d /out Service.java
        FROM eclipse-temurin:17-jre-alpine
        RUN addgroup -S app && adduser -S app -G app
        COPY --from=build /out /app
        USER app
        EXPOSE 8080
        ENTRYPOINT ["sh", "-c", "exec $JAVA_HOME/bin/java -cp /app Service"]
        """),
    "a runtime is made of modules": ("java", """\
        FROM amazoncorretto:17 AS build
        WORKDIR /src
        COPY Service.java ./
        RUN javac -d /out Service.java && \\
            $JAVA_HOME/bin/jlink --add-modules java.base,jdk.httpserver --output /runtime
        FROM debian:bookworm-slim
        ENV JAVA_HOME=/opt/java PATH=/opt/java/bin:$PATH
        COPY --from=build /runtime $JAVA_HOME
        COPY --from=build /out /app
        EXPOSE 8080
        CMD ["java", "-cp", "/app", "Service"]
        """),
    "an image that has a runtime and nothing else": ("java", """\
        FROM docker.io/library/openjdk:17-slim AS build
        COPY Service.java /src/
        RUN cd /src && javac Service.java && jar cfe /service.jar Service Service*.class
        FROM gcr.io/distroless/java17-debian12:nonroot
        COPY --from=build /service.jar /service.jar
        EXPOSE 8080
        CMD ["/service.jar"]
        """),
    "Rust for Debian": ("rust", """\
        FROM rust:1 AS build
        WORKDIR /src
        COPY . .
        RUN --mount=type=cache,target=/usr/local/cargo/registry cargo build --release
        FROM debian:bookworm-slim
        COPY --from=build /src/target/release/service /usr/local/bin/
        EXPOSE 8080
        STOPSIGNAL SIGKILL
        CMD ["service"]
        """),
    "Rust with its C library in it": ("rust", """\
        FROM rust:1-alpine AS build
        WORKDIR /src
        COPY . .
        RUN cargo build --release
        FROM scratch
        COPY --from=build /src/target/release/service /service
        EXPOSE 8080
        STOPSIGNAL SIGKILL
        ENTRYPOINT ["/service"]
        """),
}  # fmt: skip
BREAK = {
    "a runtime has no compiler": ("java", """\
        FROM eclipse-temurin:17-jre
        COPY Service.java /app/
        RUN cd /app && javac Service.java
        EXPOSE 8080
        CMD ["java", "-cp", "/app", "Service"]
        """, Rung.BUILD, "javac: not found"),
    "a runtime's image has no Maven": ("java", """\
        FROM eclipse-temurin:17
        COPY Service.java /app/
        RUN mvn --version
        """, Rung.BUILD, "mvn: not found"),
    "a class that is not in the image": ("java", """\
        FROM eclipse-temurin:17
        COPY Service.java /app/
        EXPOSE 8080
        CMD ["java", "-cp", "/app", "Service"]
        """, Rung.START, "ClassNotFoundException"),
    "a C library that is not in the image": ("rust", """\
        FROM rust:1-slim AS build
        WORKDIR /src
        COPY . .
        RUN cargo build --release
        FROM scratch
        COPY --from=build /src/target/release/service /service
        EXPOSE 8080
        ENTRYPOINT ["/service"]
        """, Rung.START, "No such file or directory"),
}  # fmt: skip
SAMPLE = {"a kit compiles, a runtime runs", "a runtime has no compiler"}


def chosen(family: dict[str, object]) -> list[str]:
    return [name for name in family if ALL or name in SAMPLE]


def written(folder: Path, language: str, dockerfile: str) -> Path:
    files = {
        "java": {"Service.java": JAVA},
        "rust": {"Cargo.toml": CARGO, "src/main.rs": RUST},
    }[language]
    for path, text in {**files, "Dockerfile": dockerfile}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


@pytest.mark.parametrize("name", chosen(dict(HOLD)))
async def test_what_runs_in_the_image_runs(
    name: str, tmp_path: Path, climb_service: ClimbService
) -> None:
    folder = written(tmp_path, *HOLD[name])

    climbed = await climb_service(folder, exchanges=(), read_only=False)

    assert {rung: one.reason for rung, one in climbed.items()
            if one.outcome in (Outcome.BROKEN, Outcome.UNKNOWN)} == {}  # fmt: skip


@pytest.mark.parametrize("name", chosen(dict(BREAK)))
async def test_what_the_image_has_not_is_missed(
    name: str, tmp_path: Path, climb_service: ClimbService
) -> None:
    language, dockerfile, rung, reason = BREAK[name]
    folder = written(tmp_path, language, dockerfile)

    climbed = await climb_service(folder, exchanges=(), read_only=False)

    assert climbed[rung].outcome is Outcome.BROKEN
    assert reason in f"{climbed[rung].reason} {climbed[rung].evidence}"


@pytest.mark.skipif(not ALL, reason="QL_DELIVERED=all also gets crates from their registry")
async def test_crates_that_make_code_are_built_for_an_image_without_a_c_library(
    tmp_path: Path, climb_service: ClimbService
) -> None:
    folder = written(tmp_path, *HOLD["Rust with its C library in it"])
    (folder / "Cargo.toml").write_text(CARGO + DERIVES)
    source = "#[derive(serde::Serialize)]\n#[allow(dead_code)]\nstruct Note;\n\n"
    (folder / "src/main.rs").write_text(source + RUST)

    climbed = await climb_service(folder, exchanges=(), read_only=False)

    assert climbed[Rung.BUILD].reason == ""
    assert climbed[Rung.PROBES].outcome is Outcome.HELD


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("eclipse-temurin:99-jre", "Java 99"),
        ("maven:3-eclipse-temurin-99", "Java 99"),
        ("gcr.io/distroless/java99-debian13", "Nothing on this machine stands for"),
        ("somebody/eclipse-temurin:17", "Nothing on this machine stands for"),
    ],
)
def test_what_this_machine_has_not_is_said(image: str, reason: str) -> None:
    with pytest.raises(CannotTell, match=reason):
        base_for(image)


def test_a_newer_kit_is_named() -> None:
    assert "eclipse-temurin:11" in " ".join(base_for("eclipse-temurin:11").notes)


@pytest.mark.parametrize(
    ("image", "user"),
    [
        ("gcr.io/distroless/static-debian12:nonroot", "65532"),
        ("gcr.io/distroless/static", "0"),
        ("gcr.io/distroless/java17-debian12:debug-nonroot", "65532"),
        ("debian:bookworm-slim", "0"),
    ],
)
def test_an_image_runs_as_whom_its_tag_says(image: str, user: str) -> None:
    assert base_for(image).user == user
