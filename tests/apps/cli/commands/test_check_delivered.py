"""`quantumlayer check --delivered`: a project is built, started and stopped, rung by rung."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import Rung
from tests.packages.qtest.delivered import services
from tests.support.command_line import CommandLine

DEPLOYMENT = """\
kind: Deployment
metadata: {name: notes}
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 3
      containers:
        - image: notes:1
          ports: [{containerPort: 3000}]
          env:
            - {name: SESSION_SECRET, valueFrom: {secretKeyRef: {name: notes, key: secret}}}
          readinessProbe: {httpGet: {path: /healthz, port: 3000}}
          securityContext: {readOnlyRootFilesystem: true}
          volumeMounts: [{name: data, mountPath: /data}, {name: tmp, mountPath: /tmp}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: d}}, {name: tmp, emptyDir: {}}]
"""
TEST = """\
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('the service keeps notes', () => {
  assert.match(readFileSync('service.js', 'utf8'), /notes/);
});
"""


def command(folder: Path) -> CommandLine:
    cache = os.environ.get("QL_CACHE_DIR", str(Path.home() / ".cache" / "quantumlayer"))
    return CommandLine(folder, {"QL_HOME": "home", "QL_CACHE_DIR": cache})


def project(folder: Path, kind: str = "") -> None:
    """A service with a test that passes, sound or broken as delivered."""
    place = folder / "notes"
    (place / "k8s").mkdir(parents=True)
    services.write_service(place, "node", kind)
    (place / "k8s/deployment.yaml").write_text(DEPLOYMENT)
    (place / "service.test.js").write_text(TEST)


@pytest.mark.slow
async def test_a_sound_service_climbs_every_rung(tmp_path: Path) -> None:
    # given
    project(tmp_path)
    # when
    ended = await command(tmp_path).run("check", "--delivered", "--json", "notes")
    # then
    delivered = ended.json["delivered"]
    assert (ended.status, ended.json["verdict"], ended.err) == (0, "passed", "")
    outcomes = {one["rung"]: one["outcome"] for one in delivered["rungs"]}
    skipped = ("types", "routes", "remember", "data lasts", "second instance", "pages",
               "browser tests")  # fmt: skip
    assert outcomes == {rung.value: "skipped" if rung in skipped else "held" for rung in Rung}
    assert all(one["reason"] for one in delivered["rungs"] if one["outcome"] == "skipped")
    assert all(one["seconds"] > 0 for one in delivered["rungs"] if one["outcome"] == "held")
    assert delivered["tier"] == "emulation in bubblewrap"
    assert any("`secret` in the Secret `notes`" in note for note in delivered["notes"])


@pytest.mark.slow
async def test_a_service_that_passes_its_tests_and_is_broken_as_delivered_fails(
    tmp_path: Path,
) -> None:
    # given
    project(tmp_path, services.NO_HEALTH)
    # when
    ended = await command(tmp_path).run("check", "--delivered", "notes")
    # then
    assert ended.status == 1
    head, *lines = ended.out.splitlines()
    assert head.startswith("✗ failed  notes  javascript · 1 of 1 tests passed")
    _types, *rungs = lines[lines.index("  as delivered: emulation in bubblewrap") + 1 :]
    assert [line.split()[:2] for line in rungs[:3]] == [["✓", "build"], ["✓", "start"],
                                                        ["✗", "probes"]]  # fmt: skip
    assert "`GET /healthz`, which the platform asks, answers 404" in rungs[2]
    assert "`GET /health` answers 200, which nobody asks" in rungs[2]


async def test_without_a_dockerfile_it_says_so_beside_what_it_read(tmp_path: Path) -> None:
    # given
    (tmp_path / "calc.py").write_text("one = 1\n")
    # when
    ended = await command(tmp_path).run("check", "--delivered", "--json", ".")
    # then
    assert (ended.status, ended.json["verdict"]) == (5, "infrastructure_error")
    assert "there is no Dockerfile at the top of the project" in ended.json["reason"]
    assert ended.json["languages"] == ["python"]
    outcomes = {one["rung"]: one["outcome"] for one in ended.json["delivered"]["rungs"]}
    assert outcomes.pop("build") == "unknown"
    assert set(outcomes.values()) == {"skipped"}


async def test_what_cannot_be_tried_here_is_never_passed(tmp_path: Path) -> None:
    # given
    project(tmp_path)
    (tmp_path / "notes/Dockerfile").write_text("FROM registry.example/team/base:3\nCMD run\n")
    # when
    ended = await command(tmp_path).run("check", "--delivered", "--json", "notes")
    # then
    assert (ended.status, ended.json["verdict"]) == (5, "infrastructure_error")
    assert "Dockerfile:1: Nothing on this machine stands for" in ended.json["reason"]
    assert ended.json["tests"]["passed"] == 1
