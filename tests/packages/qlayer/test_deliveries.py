"""What a project delivers is read from its own files, and from nothing else."""

from pathlib import Path

import pytest

from quantumlayer.manifests import Malformed
from quantumlayer.qlayer.deliveries import NoDockerfile, climb_folder, delivery_of
from quantumlayer.qtest.delivered import Outcome, Rung, Volume

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
