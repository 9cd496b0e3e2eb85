"""What a cluster does with an application is read from the manifests, and asked of no cluster."""

import textwrap

import pytest

from quantumlayer.manifests import (
    FilesInMemory,
    Malformed,
    MountedFile,
    MountedVolume,
    NotUnderstood,
    Workload,
    kubernetes_workload,
)

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: notes}
spec:
  replicas: 2
  template:
    spec:
      terminationGracePeriodSeconds: 20
      securityContext: {runAsUser: 1000, runAsGroup: 2000, fsGroup: 2000}
      containers:
        - name: proxy
          image: proxy:1
        - name: application
          image: notes:1
          command: ["/bin/notes"]
          args: ["--serve", 8]
          ports:
            - {name: http, containerPort: 9000}
          env:
            - {name: LEVEL, value: info}
            - {name: BASE, value: "/srv"}
            - {name: PLACE, value: "$(BASE)/notes $$(BASE)"}
            - {name: COUNT, value: 3}
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: notes, key: token}}}
            - {name: OTHER, valueFrom: {secretKeyRef: {name: elsewhere, key: token}}}
            - {name: REGION, valueFrom: {configMapKeyRef: {name: notes, key: region}}}
            - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
          envFrom:
            - {configMapRef: {name: notes}, prefix: C_}
            - {secretRef: {name: gone}}
          startupProbe:
            httpGet: {path: livez, port: http}
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe: {httpGet: {path: /livez, port: http}}
          readinessProbe: {httpGet: {path: /readyz, port: 9000}}
          securityContext: {runAsUser: 1001, readOnlyRootFilesystem: true}
          volumeMounts:
            - {name: data, mountPath: /data}
            - {name: scratch, mountPath: /scratch}
            - {name: settings, mountPath: /etc/notes}
            - {name: key, mountPath: /run/key.pem, subPath: key.pem}
      volumes:
        - {name: data, persistentVolumeClaim: {claimName: notes}}
        - {name: scratch, emptyDir: {}}
        - {name: settings, configMap: {name: notes}}
        - {name: key, secret: {secretName: notes, items: [{key: pem, path: key.pem}]}}
"""
VALUES = """\
kind: Secret
metadata: {name: notes}
data: {token: c2VzYW1l, pem: cGVt}
---
kind: ConfigMap
metadata: {name: notes}
data: {region: north}
"""


def read(**files: str) -> Workload | None:
    contents = {f"k8s/{name}.yaml": textwrap.dedent(text).encode() for name, text in files.items()}
    return kubernetes_workload(FilesInMemory(contents))


def test_everything_that_an_application_notices_is_read() -> None:
    # when
    found = read(deployment=DEPLOYMENT, values=VALUES)
    # then
    assert found is not None
    made_up = dict(found.environment)["OTHER"]
    assert len(made_up) >= 32
    assert found == Workload(
        name="notes", path="k8s/deployment.yaml", replicas=2, user="1001:2000",
        group_of_volumes=True, read_only=True, command=("/bin/notes",), arguments=("--serve", "8"),
        environment=(
            ("C_region", "north"), ("LEVEL", "info"), ("BASE", "/srv"),
            ("PLACE", "/srv/notes $(BASE)"), ("COUNT", "3"), ("TOKEN", "sesame"),
            ("OTHER", made_up), ("REGION", "north"), ("POD", "application-0"),
        ),
        port=9000, probes=("/livez", "/readyz"), start_seconds=60.0, grace_seconds=20.0,
        volumes=(MountedVolume(path="/data", lasting=True),
                 MountedVolume(path="/scratch", lasting=False)),
        files=(MountedFile(path="/etc/notes/region", content="north"),
               MountedFile(path="/run/key.pem", content="pem")),
        made_up=("OTHER",),
        unknown=(
            "The Secret `gone` is not in the project.",
            "The value of `token` in the Secret `elsewhere` is not in the project: it was made up.",
        ),
    )  # fmt: skip


def test_what_runs_beside_it_is_named() -> None:
    database = "kind: StatefulSet\nmetadata: {name: database}\nspec: {}\n"
    found = read(deployment=DEPLOYMENT, database=database)
    assert found is not None
    assert (found.name, found.companions) == ("notes", ("database",))


def test_what_runs_to_its_end_serves_nobody() -> None:
    found = read(job="""\
        kind: CronJob
        metadata: {name: report}
        spec: {jobTemplate: {spec: {template: {spec: {containers: [
          {image: "report:1", args: ["--help"]}]}}}}}
        """)  # fmt: skip
    assert found is not None
    assert (found.serves, found.arguments) == (False, ("--help",))


def test_a_claim_of_a_stateful_set_lasts() -> None:
    found = read(one="""\
        kind: StatefulSet
        metadata: {name: notes}
        spec:
          volumeClaimTemplates: [{metadata: {name: data}}]
          template: {spec: {containers: [
            {image: "notes:1", ports: [{containerPort: 80}],
             volumeMounts: [{name: data, mountPath: /data}]}]}}
        """)  # fmt: skip
    assert found is not None
    assert found.volumes == (MountedVolume(path="/data", lasting=True),)
    assert (found.port, found.probes, found.user) == (80, (), "")


def test_an_overlay_changes_nothing_of_what_it_repeats() -> None:
    base = DEPLOYMENT.encode()
    overlay = DEPLOYMENT.replace("replicas: 2", "replicas: 9").encode()
    files = {"k8s/base/deployment.yaml": base, "k8s/overlays/large/deployment.yaml": overlay}
    found = kubernetes_workload(FilesInMemory(files))
    assert found is not None
    assert found.replicas == 2


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"k8s/service.yaml": b"kind: Service\nmetadata: {name: notes}\n"},
        {"chart/templates/deployment.yaml": DEPLOYMENT.encode()},
        {"k8s/deployment.yaml": DEPLOYMENT.replace("notes:1", "{{ image }}").encode()},
        {"tests/fixtures/deployment.yaml": DEPLOYMENT.encode()},
        {"k8s/odd.yaml": b"kind: Deployment\nmetadata: [1]\nspec: 3\n"},
    ],
)
def test_what_is_no_manifest_of_the_project_is_left_alone(files: dict[str, bytes]) -> None:
    assert kubernetes_workload(FilesInMemory(files)) is None


def test_one_of_several_workloads_is_not_guessed() -> None:
    other = DEPLOYMENT.replace("{name: notes}", "{name: web}", 1)
    with pytest.raises(NotUnderstood, match="one of several workloads that answer: notes, web"):
        read(one=DEPLOYMENT, two=other)


def test_what_no_cluster_takes_is_told_with_its_line() -> None:
    with pytest.raises(Malformed, match=r"k8s/one\.yaml:4: this is no YAML"):
        read(one="kind: Deployment\nmetadata:\n  name: [notes\nspec: }\n")


HOSTILE = {
    "grows": DEPLOYMENT.replace(
        "            - {name: COUNT, value: 3}\n",
        f"            - {{name: A0, value: {'x' * 1000}}}\n" + "".join(
            f"            - {{name: A{n + 1}, value: {f'$(A{n})' * 10}}}\n" for n in range(12)
        ),
    ),
    "counts": DEPLOYMENT.replace("failureThreshold: 30", f"failureThreshold: {10**400}")
    .replace("replicas: 2", "replicas: -3").replace("containerPort: 9000", "containerPort: 99999"),
}  # fmt: skip


def test_values_that_grow_without_end_are_left_out_and_that_is_said() -> None:
    found = read(deployment=HOSTILE["grows"], values=VALUES)
    assert found is not None
    assert max(len(value) for _, value in found.environment) <= 128 * 1024
    assert any("longer than any program takes" in one for one in found.unknown)


def test_numbers_that_no_cluster_takes_are_not_taken() -> None:
    found = read(deployment=HOSTILE["counts"], values=VALUES)
    assert found is not None
    assert (found.replicas, found.start_seconds, found.port) == (1, 6.0, 9000)


def test_merges_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 {k: 1}"]
    lines += [f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(NotUnderstood, match="too many aliases"):
        read(one="kind: Deployment\n" + "\n".join(lines) + "\n")


def test_what_no_program_can_be_told_is_refused() -> None:
    with pytest.raises(Malformed, match="a character that no program can be told"):
        read(one=DEPLOYMENT.replace("value: info", 'value: "a\\0b"'))
