"""Delivery files: valid, minimal in rights, and safe whatever the blueprint says."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from kubernetes_validate.utils import validate

from quantumlayer.parser import SourceText, analyze, detect_language
from quantumlayer.qlayer import (
    Blueprint,
    Dependency,
    EnvironmentVariable,
    FileRole,
    PlannedFile,
)
from quantumlayer.qlayer.packaging import delivery_files, locked_dependencies
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements
from tests.support import sample_project as sample

HOSTILE = "a\"b'c\\ $HOME ${HOME} $(id) ${{ secrets.X }} `id`\n- x: |\n\u2028# &*!%@\ud800"


def service(**changes: object) -> Blueprint:
    return sample.blueprint().model_copy(update=changes)


def javascript_service() -> Blueprint:
    return service(
        language=Language.JAVASCRIPT,
        files=(
            PlannedFile(path="package.json", role=FileRole.CONFIGURATION, purpose=""),
            PlannedFile(path="src/server.js", role=FileRole.SOURCE, purpose=""),
            PlannedFile(path="test/server.test.js", role=FileRole.TEST, purpose=""),
        ),
        dependencies=(),
        run_command=("node", "src/server.js"),
        test_command=("node", "--test"),
    )


def tool() -> Blueprint:
    return service(
        kind=ApplicationKind.COMMAND_LINE_TOOL,
        run_command=("python", "-m", "library"),
        environment=(),
        port=None,
    )


def library() -> Blueprint:
    return service(kind=ApplicationKind.LIBRARY, run_command=(), environment=(), port=None)


EVERY = {
    "service": service(),
    "javascript": javascript_service(),
    "tool": tool(),
    "library": library(),
    "stateless": service(environment=(EnvironmentVariable(name="API_TOKEN"),)),
    "bare": service(run_command=(), test_command=(), environment=(), dependencies=(), port=None),
}


def delivered(blueprint: Blueprint, requirements: Requirements | None = None) -> Mapping[str, str]:
    files = delivery_files(requirements or sample.requirements(), blueprint)
    return {file.path: file.content for file in files}


def container_of(manifest: dict[str, Any]) -> dict[str, Any]:
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    return dict(container)


every = pytest.mark.parametrize("blueprint", EVERY.values(), ids=EVERY)


@every
def test_manifests_are_valid_to_the_letter(blueprint: Blueprint) -> None:
    for path, content in delivered(blueprint).items():
        if path.startswith("k8s/"):
            validate(yaml.safe_load(content), "1.34", strict=True)


@every
async def test_every_file_is_well_formed(blueprint: Blueprint) -> None:
    files = [SourceText(path=path, content=text) for path, text in delivered(blueprint).items()]
    for analysis in await analyze(files):
        assert analysis.syntax.errors == (), analysis.path
    assert {one.path for one in files if detect_language(one.path) is None} == {".dockerignore"}


@every
def test_the_same_blueprint_gives_the_same_files(blueprint: Blueprint) -> None:
    assert delivered(blueprint) == delivered(blueprint)
    assert list(delivered(blueprint)) == sorted(delivered(blueprint))


@every
def test_no_template_names_a_registry(blueprint: Blueprint) -> None:
    for path, content in delivered(blueprint).items():
        assert not re.search(
            r"(?i)[a-z0-9-]+\.(io|com|org|dev|net)/",
            content.replace("app.kubernetes.io/name", "").replace("networking.k8s.io/v1", ""),
        ), path


def test_what_each_kind_gets() -> None:
    common = {
        "Dockerfile",
        ".dockerignore",
        "compose.yaml",
        ".github/workflows/ci.yml",
        "README.md",
    }
    assert set(delivered(library())) == common
    assert set(delivered(tool())) == common | {
        "k8s/cron-job.yaml",
        "k8s/service-account.yaml",
        "k8s/network-policy.yaml",
    }
    assert set(delivered(service())) == common | {
        "k8s/deployment.yaml",
        "k8s/service.yaml",
        "k8s/service-account.yaml",
        "k8s/network-policy.yaml",
        "k8s/persistent-volume-claim.yaml",
    }
    assert "k8s/persistent-volume-claim.yaml" not in delivered(EVERY["stateless"])


def test_a_file_that_the_blueprint_plans_is_left_to_it() -> None:
    planned = PlannedFile(path="README.md", role=FileRole.DOCUMENTATION, purpose="")
    assert "README.md" in delivered(service())
    assert "README.md" not in delivered(service(files=(*service().files, planned)))


@pytest.mark.parametrize("blueprint", [service(), javascript_service(), tool()])
def test_the_image_is_built_in_stages_and_runs_as_nobody(blueprint: Blueprint) -> None:
    lines = delivered(blueprint)["Dockerfile"].splitlines()
    stages = [line for line in lines if line.startswith("FROM")]
    assert [stage.split(" AS ")[1] for stage in stages] == ["dependencies", "test", "runtime"]
    image = stages[0].split()[1]
    assert re.fullmatch(r"(python|node):\d+\.\d+-slim", image)
    final = lines[lines.index(stages[-1]) :]
    assert "USER 65534:65534" in final
    assert not any(line.startswith("COPY . ") for line in final)


def test_the_image_of_a_service_says_whether_it_is_well() -> None:
    for blueprint in (service(), javascript_service()):
        text = delivered(blueprint)["Dockerfile"]
        assert "HEALTHCHECK" in text
        assert "/healthz" in text
        assert "EXPOSE 8000" in text
    assert "HEALTHCHECK" not in delivered(tool())["Dockerfile"]


def test_the_image_holds_what_runs_and_not_the_tests() -> None:
    text = delivered(javascript_service())["Dockerfile"].split("AS runtime")[1]
    assert 'COPY ["src/", "src/"]' in text
    assert 'COPY ["package.json", "./"]' in text
    assert "test/" not in text
    assert 'CMD ["node", "src/server.js"]' in text


def test_dependencies_come_from_the_lock() -> None:
    assert "RUN pip install -r requirements.txt" in delivered(service())["Dockerfile"]
    bare = delivered(EVERY["bare"])
    assert "requirements.txt" not in bare["Dockerfile"]
    development = Dependency(name="pytest", development=True)
    with_tests = delivered(service(dependencies=(development,)))
    assert "RUN pip install -r requirements-dev.txt" in with_tests["Dockerfile"]
    assert "pip install -r requirements-dev.txt" in with_tests[".github/workflows/ci.yml"]


def test_what_is_built_ahead_of_a_first_run_is_what_its_image_begins_with() -> None:
    lines = [line for line in delivered(service())["Dockerfile"].splitlines() if line]
    begun = [line for line in locked_dependencies().splitlines() if line]
    first = lines.index(begun[0])
    assert lines[first : first + len(begun)] == begun


def test_a_source_folder_is_on_the_import_path() -> None:
    planned = PlannedFile(path="src/library/app.py", role=FileRole.SOURCE, purpose="")
    assert "PYTHONPATH=/app:/app/src" in delivered(service(files=(planned,)))["Dockerfile"]


def test_a_service_with_a_database_file_is_one_replica_that_is_never_doubled() -> None:
    files = delivered(service())
    deployment = yaml.safe_load(files["k8s/deployment.yaml"])
    assert deployment["spec"]["replicas"] == 1
    assert deployment["spec"]["strategy"]["type"] == "Recreate"
    claim = yaml.safe_load(files["k8s/persistent-volume-claim.yaml"])["metadata"]["name"]
    volumes = deployment["spec"]["template"]["spec"]["volumes"]
    assert {"name": "data", "persistentVolumeClaim": {"claimName": claim}} in volumes
    environment = {one["name"]: one.get("value") for one in container_of(deployment)["env"]}
    assert environment == {
        "DATABASE_PATH": "/data/library-service.db",
        "HOST": "0.0.0.0",  # noqa: S104 - inside of a container
        "PORT": "8000",
    }


@pytest.mark.parametrize(
    ("blueprint", "path"), [(service(), "k8s/deployment.yaml"), (tool(), "k8s/cron-job.yaml")]
)
def test_pods_satisfy_the_restricted_profile(blueprint: Blueprint, path: str) -> None:
    manifest = yaml.safe_load(delivered(blueprint)[path])
    if manifest["kind"] == "CronJob":
        manifest = manifest["spec"]["jobTemplate"]
    pod = manifest["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    container = container_of(manifest)
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    assert container["resources"]["requests"]["cpu"]


def test_probes_ask_for_health_and_readiness() -> None:
    container = container_of(yaml.safe_load(delivered(service())["k8s/deployment.yaml"]))
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_the_parts_find_each_other_by_label_and_port() -> None:
    files = delivered(service(port=9000))
    deployment = yaml.safe_load(files["k8s/deployment.yaml"])
    front = yaml.safe_load(files["k8s/service.yaml"])
    policy = yaml.safe_load(files["k8s/network-policy.yaml"])
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert front["spec"]["selector"] == labels
    assert policy["spec"]["podSelector"]["matchLabels"] == labels
    assert container_of(deployment)["ports"] == [{"name": "http", "containerPort": 9000}]
    assert front["spec"]["ports"][0]["targetPort"] == "http"
    compose = yaml.safe_load(files["compose.yaml"])["services"]["library-service"]
    assert compose["ports"] == ["127.0.0.1:9000:9000"]


def test_a_secret_is_asked_for_and_never_written_down() -> None:
    token = EnvironmentVariable(name="API_TOKEN", default="hunter2", description="The key.")
    files = delivered(service(environment=(token,)))
    assert not [path for path, text in files.items() if "hunter2" in text]
    container = container_of(yaml.safe_load(files["k8s/deployment.yaml"]))
    reference = {"secretKeyRef": {"name": "library-service", "key": "API_TOKEN"}}
    assert {"name": "API_TOKEN", "valueFrom": reference} in container["env"]
    compose = yaml.safe_load(files["compose.yaml"])["services"]["library-service"]
    assert compose["environment"]["API_TOKEN"].startswith("${API_TOKEN:?")


def test_ci_tests_then_builds_with_no_more_rights_than_reading() -> None:
    workflow = yaml.safe_load(delivered(service())[".github/workflows/ci.yml"])
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["image"]["needs"] == "test"
    assert workflow["jobs"]["test"]["steps"][-1]["run"] == "python -m pytest"
    assert set(yaml.safe_load(delivered(library())[".github/workflows/ci.yml"])["jobs"]) == {"test"}


def hostile_blueprint() -> Blueprint:
    return service(
        summary=HOSTILE,
        run_command=("python", HOSTILE),
        test_command=("python", HOSTILE),
        environment=(
            EnvironmentVariable(name="DATABASE_PATH"),
            EnvironmentVariable(name="NOTE", default=HOSTILE, description=HOSTILE),
        ),
    )


def test_hostile_text_stays_text_everywhere() -> None:
    requirements = sample.requirements().model_copy(update={"title": HOSTILE, "summary": HOSTILE})
    files = delivered(hostile_blueprint(), requirements)
    assert all(text.encode() for text in files.values())
    said = HOSTILE.replace("\ud800", "")

    deployment = yaml.safe_load(files["k8s/deployment.yaml"])
    validate(deployment, "1.34", strict=True)
    environment = {one["name"]: one["value"] for one in container_of(deployment)["env"]}
    assert environment["NOTE"].replace("\ud800", "") == said.replace("$(id)", "$$(id)")

    compose = yaml.safe_load(files["compose.yaml"])["services"]["library-service"]
    assert compose["environment"]["NOTE"].replace("\ud800", "") == said.replace("$", "$$")

    workflow = yaml.safe_load(files[".github/workflows/ci.yml"])
    command = workflow["jobs"]["test"]["steps"][-1]["run"]
    assert "${{ secrets.X }}" not in command
    assert "${{ '${{' }} secrets.X }}" in command

    instructions = re.findall(r"(?m)^[A-Z]+ ", files["Dockerfile"])
    assert set(instructions) <= {
        *("FROM ", "ENV ", "RUN ", "WORKDIR ", "COPY ", "LABEL ", "USER ", "VOLUME "),
        *("EXPOSE ", "HEALTHCHECK ", "CMD "),
    }
    (note,) = re.findall(r"(?m)^ENV NOTE=(.*)$", files["Dockerfile"])
    assert note.startswith('"')
    assert not re.search(r"(?<!\\)\$", note)


def test_every_kind_of_project_has_a_readme_that_says_how_to_run_and_test_it() -> None:
    text = delivered(service())["README.md"]
    for expected in (
        "# Library service",
        "python -m library.app",
        "python -m pytest",
        "| `PORT` | `8000` | Where it listens. |",
        "capsule/verify.py",
    ):
        assert expected in text
    assert "python -m library --help" in delivered(tool())["README.md"]
    assert "## Run it" not in delivered(library())["README.md"]
