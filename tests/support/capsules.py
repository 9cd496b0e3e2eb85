"""Capsules of the sample project, and ways to tamper with them."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from quantumlayer.qlayer.capsule import CapsuleInputs, RunRecord, public_key_pem
from quantumlayer.qlayer.capsule.archive import write_archive
from quantumlayer.qlayer.capsule.canonical import canonical_json
from quantumlayer.qlayer.capsule.provenance import sign_statement
from quantumlayer.qlayer.capsule.verifier import read_archive
from quantumlayer.qlayer.quality import DeliverySummary, assess, delivered, summarize_climb
from quantumlayer.qtest import TestReport
from quantumlayer.qtest.delivered import Climb, Outcome, Picture, Rung, RungResult
from tests.support import sample_project as sample

OWNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURE_NAME = "01-start-1280-light.png"


def inputs(
    tests: TestReport | None = None, contents: Mapping[str, bytes] = sample.CONTENTS
) -> CapsuleInputs:
    """The inputs of a capsule that passed, or that has the verdict of `tests`."""
    quality = assess(
        sample.requirements(),
        sample.blueprint(),
        sample.tree(contents),
        (),
        tests or sample.passed_tests(),
    )
    return CapsuleInputs(
        requirements=sample.requirements(),
        blueprint=sample.blueprint(),
        tree=sample.tree(contents),
        contents=contents,
        quality=delivered(quality, delivery()),
        prompt="A library service …",
        model="builtin",
        generator_version="0.1.0",
        run=run("run-1", 10),
        signing_key=OWNER,
        pictures={PICTURE_NAME: PICTURE},
    )


def delivery(picture: bytes = PICTURE) -> DeliverySummary:
    """What was found out of a page, which was seen."""
    seen = Picture(page="/", width=1280, scheme="light", png=picture)
    held = (RungResult(rung=rung, outcome=Outcome.HELD) for rung in (Rung.BUILD, Rung.START))
    pages = RungResult(rung=Rung.PAGES, outcome=Outcome.HELD, evidence="/: 2 controls used",
                       pictures=(seen,))  # fmt: skip
    return summarize_climb(Climb(tier="emulation", rungs=(*held, pages)))


def run(run_id: str, hour: int) -> RunRecord:
    """A run of one minute."""
    return RunRecord(
        run_id=run_id,
        started_at=datetime(2026, 11, 2, hour, 0, tzinfo=UTC),
        finished_at=datetime(2026, 11, 2, hour, 1, tzinfo=UTC),
    )


def with_file(path: str, content: bytes) -> CapsuleInputs:
    """The inputs with one file more."""
    contents = {**sample.CONTENTS, path: content}
    return replace(inputs(), tree=sample.tree(contents), contents=contents)


def repacked(capsule: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The capsule with files put in, changed, or (None) left out; nothing else is adapted."""
    files: dict[str, bytes | None] = {**read_archive(capsule), **changes}
    return write_archive({path: data for path, data in files.items() if data is not None})


def resigned(capsule: bytes, changes: Mapping[str, bytes | None], key: Ed25519PrivateKey) -> bytes:
    """The capsule with changes and everything made to fit them, signed by another: a forgery."""
    files = read_archive(repacked(capsule, changes))
    manifest: dict[str, Any] = json.loads(files["capsule.json"])
    manifest["files"] = [
        {**entry, "sha256": _sha256(files[entry["path"]]), "size": len(files[entry["path"]])}
        for entry in manifest["files"]
        if entry["path"] in files
    ]
    files["capsule.json"] = canonical_json(manifest)
    envelope = json.loads(files["capsule/provenance.dsse.json"])
    statement = json.loads(_decoded(envelope["payload"]))
    digests = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    digests["capsule.json"] = _sha256(files["capsule.json"])
    statement["subject"] = [
        {"name": path, "digest": {"sha256": digests[path]}} for path in sorted(digests)
    ]
    byproduct = {
        "name": "capsule/run.json",
        "digest": {"sha256": _sha256(files["capsule/run.json"])},
    }
    statement["predicate"]["runDetails"]["byproducts"] = [byproduct]
    files["capsule/provenance.dsse.json"] = sign_statement(statement, key)
    files["capsule/public-key.pem"] = public_key_pem(key)
    return write_archive(files)


def statement_of(capsule: bytes) -> dict[str, Any]:
    """The signed statement."""
    envelope = json.loads(read_archive(capsule)["capsule/provenance.dsse.json"])
    statement: dict[str, Any] = json.loads(_decoded(envelope["payload"]))
    return statement


def _decoded(text: str) -> bytes:
    return base64.b64decode(text)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
