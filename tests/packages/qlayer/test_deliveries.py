"""What a project delivers is read from its own files, and from nothing else."""

from pathlib import Path

import pytest

from quantumlayer.manifests import Malformed
from quantumlayer.qlayer.deliveries import NoDockerfile, climb_folder, delivery_of
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest.delivered import Outcome, Rung, Tier, Volume

DOCKERFILE = """\
FROM python:3.12-slim
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD curl --fail http://localhost:8000/health
CMD ["python", "service.py"]
"""
DEPLOYMENT = """\
kind: Deployment
metadata: {name: notes}
spec:
  template:
    spec:
      containers:
        - image: notes:1
          ports: [{containerPort: 9000}]
          env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: gone, key: token}}}]
          readinessProbe: {httpGet: {path: /readyz, port: 9000}}
          securityContext: {runAsUser: 7, readOnlyRootFilesystem: true}
          volumeMounts: [{name: data, mountPath: /srv/data}, {name: tmp, mountPath: /tmp}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: d}}, {name: tmp, emptyDir: {}}]
"""


def project(folder: Path, **files: str) -> Path:
    names = {"deployment": "k8s/deployment.yaml", "other": "k8s/other.yaml"}
    for name, text in files.items():
        place = folder / names.get(name, name)
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
    return folder


def test_an_image_alone_says_how_it_is_run(tmp_path: Path) -> None:
    found = delivery_of(project(tmp_path, Dockerfile=DOCKERFILE))
    assert found.probes == ("/health",)
    assert found.volumes == (Volume(path="/data"),)
    assert (found.port, found.user, found.read_only, found.serves) == (None, "", False, True)


def test_manifests_say_how_an_image_is_run(tmp_path: Path) -> None:
    found = delivery_of(project(tmp_path, Dockerfile=DOCKERFILE, deployment=DEPLOYMENT))
    assert (found.probes, found.port, found.user) == (("/readyz",), 9000, "7")
    assert (found.read_only, found.temporary) == (True, ("/tmp",))  # noqa: S108 - in a container
    assert found.volumes == (Volume(path="/srv/data"),)
    assert dict(found.environment)["TOKEN"]
    assert found.made_up == ("TOKEN",)
    assert found.notes == (
        "The value of `token` in the Secret `gone` is not in the project: it was made up.",
    )


def test_servers_beside_it_are_named(tmp_path: Path) -> None:
    compose = "services: {notes: {build: .}, database: {image: postgres}}\n"
    (tmp_path / "compose.yaml").write_text(compose)
    assert delivery_of(project(tmp_path, Dockerfile=DOCKERFILE)).companions == ("database",)


def test_a_compose_file_says_what_an_image_is_given(tmp_path: Path) -> None:
    compose = (
        "services: {notes: {build: ., read_only: true, environment: {TOKEN: '${T:-sesame}'},"
        " volumes: ['more:/more']}}\n"
    )
    (tmp_path / "compose.yaml").write_text(compose)
    found = delivery_of(project(tmp_path, Dockerfile=DOCKERFILE))
    assert (found.probes, found.port, found.read_only) == (("/health",), None, True)
    assert found.environment == (("TOKEN", "sesame"),)
    assert found.volumes == (Volume(path="/data"), Volume(path="/more"))


PAGE_PROJECT = {
    "web/index.html": "<div id=root></div>",
    "web/package.json": '{"dependencies": {"react": "19"}, "devDependencies": {"vite": "8"}}',
}


@pytest.mark.parametrize(
    "line", ["COPY . .", "COPY web ./web", 'COPY ["./web/", "/srv/"]', "ADD web/*.html /srv/"]
)
def test_a_page_that_goes_into_the_image_is_promised(line: str, tmp_path: Path) -> None:
    dockerfile = f"FROM node:20 AS build\n{line}\nFROM node:20\nEXPOSE 80\n"
    found = delivery_of(project(tmp_path, Dockerfile=dockerfile, **PAGE_PROJECT))
    assert (found.pages, found.page_file) == (("/",), "")


def test_a_page_that_does_not_go_into_the_image_may_be_delivered_by_others(tmp_path: Path) -> None:
    dockerfile = "FROM node:20\nCOPY server ./\nCOPY --from=build /web /web\nEXPOSE 80\n"
    project(tmp_path, Dockerfile=dockerfile, **PAGE_PROJECT)
    found = delivery_of(tmp_path)
    assert (found.pages, found.page_file) == ((), "web/index.html")
    # An image of its own delivers it.
    (tmp_path / "web/Dockerfile").write_text("FROM node:20\n")
    found = delivery_of(tmp_path)
    assert (found.pages, found.page_file) == ((), "")


def test_a_service_promises_no_page(tmp_path: Path) -> None:
    api = {"package.json": '{"dependencies": {"express": "5"}}', "docs/index.html": "<p>"}
    found = delivery_of(project(tmp_path, Dockerfile=DOCKERFILE, **api))
    assert (found.pages, found.page_file, found.contract) == ((), "", "/openapi.json")


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("index.html", "/"),
        ("public/index.html", "/"),
        ("static/index.html", "/static/index.html"),
        ("src/main/resources/static/index.html", "/"),
        ("polls/templates/polls/index.html", "/polls/"),
        ("public/admin/index.html", "/admin/"),
        ("views/index.ejs", "/"),
    ],
)
def test_a_page_of_the_projects_own_is_looked_for(page: str, place: str, tmp_path: Path) -> None:
    (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / page).write_text("<h1>Notes</h1>")
    found = delivery_of(project(tmp_path, Dockerfile=DOCKERFILE))
    assert (found.pages, found.page_file) == ((), page)
    assert place in found.page_places


def asking(*statements: str) -> Requirements:
    items = [{"id": f"R{number}", "category": "rule", "statement": statement}
             for number, statement in enumerate(statements, 1)]  # fmt: skip
    return Requirements.model_validate({
        "name": "board", "title": "Board", "summary": "", "kind": "service",
        "language": "javascript", "items": items,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "dark"),
    [
        ("The page has a dark mode, which is remembered.", True),
        ("There are a light and a dark theme.", True),
        ("People can choose between light and dark.", True),
        ("It follows prefers-color-scheme.", True),
        ("Dark roast coffee is sorted first.", False),
        ("There is no dark mode.", False),
        ("It works without a dark theme.", False),
    ],
)
def test_requirements_say_whether_pages_can_be_dark(
    statement: str, dark: bool, tmp_path: Path
) -> None:
    asked = asking("It lists boards.", statement)
    folder = project(tmp_path, Dockerfile=DOCKERFILE)
    assert delivery_of(folder, asked).dark is dark
    # when a capsule is read, its own requirements say so
    project(tmp_path, **{"capsule/requirements.json": asked.model_dump_json()})
    assert delivery_of(folder).dark is dark


def test_one_of_several_workloads_is_not_guessed_and_that_is_said(tmp_path: Path) -> None:
    other = DEPLOYMENT.replace("notes}", "web}")
    files = project(tmp_path, Dockerfile=DOCKERFILE, deployment=DEPLOYMENT, other=other)
    found = delivery_of(files)
    assert found.probes == ("/health",)
    assert "The manifests were left out" in found.notes[0]


def test_a_project_without_a_dockerfile_says_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/Dockerfile").write_text(DOCKERFILE)
    with pytest.raises(NoDockerfile, match=r"There is docker/Dockerfile"):
        delivery_of(tmp_path)


async def test_manifests_that_no_cluster_takes_break_the_first_rung(tmp_path: Path) -> None:
    broken = "kind: Deployment\nmetadata: [\n"
    folder = project(tmp_path, Dockerfile=DOCKERFILE, deployment=broken)
    with pytest.raises(Malformed):
        delivery_of(folder)
    # when
    climbed = await climb_folder(folder, tmp_path / "cache")
    # then
    assert climbed.first_wrong is not None
    assert (climbed.first_wrong.rung, climbed.first_wrong.outcome) == (Rung.BUILD, Outcome.BROKEN)
    assert "k8s/deployment.yaml" in climbed.first_wrong.reason


async def test_a_dockerfile_that_cannot_be_read_leaves_everything_unknown(tmp_path: Path) -> None:
    folder = project(tmp_path, Dockerfile="FROM debian\nLAUNCH it\n")
    climbed = await climb_folder(folder, tmp_path / "cache")
    assert {one.rung: one.outcome for one in climbed.rungs} == {
        **dict.fromkeys(Rung, Outcome.SKIPPED), Rung.BUILD: Outcome.UNKNOWN
    }  # fmt: skip


async def test_why_it_is_not_built_as_an_image_is_among_the_notes(tmp_path: Path) -> None:
    # given
    folder = project(tmp_path, Dockerfile='FROM Debian\nCMD ["true"]\n')
    why = "`Debian` is no name of an image."
    # when
    preferred = await climb_folder(folder, tmp_path / "cache", tier=Tier.AUTO)
    insisted = await climb_folder(folder, tmp_path / "cache", tier=Tier.IMAGE)
    # then
    assert preferred.tier == "emulation in bubblewrap"
    assert preferred.notes[-1] == f"Not built as an image: {why}"
    assert insisted.first_wrong is not None
    assert (insisted.first_wrong.outcome, insisted.first_wrong.reason) == (Outcome.UNKNOWN, why)
