"""A capsule verifies only when every byte is as it was signed, by one who is trusted."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumlayer.qlayer.capsule import (
    SigningKeyError,
    build_capsule,
    key_fingerprint,
    public_key_pem,
    verifier,
    verify_capsule,
)
from quantumlayer.qlayer.capsule.canonical import canonical_json
from quantumlayer.qlayer.capsule.provenance import sign_statement
from quantumlayer.qlayer.capsule.verifier import read_archive
from quantumlayer.qtest import Verdict
from tests.support import capsules
from tests.support import sample_project as sample

CAPSULE = build_capsule(capsules.inputs())
OWNER = public_key_pem(capsules.OWNER)
STRANGER = public_key_pem(capsules.STRANGER)


def problems_of(capsule: bytes) -> str:
    report = verify_capsule(capsule, [OWNER])
    assert not report.ok
    return "\n".join(report.problems)


def test_a_capsule_as_it_was_built_verifies() -> None:
    report = verify_capsule(CAPSULE, [STRANGER, OWNER])
    assert report.problems == ()
    assert report.ok
    assert report.trusted is True
    assert report.signer == key_fingerprint(OWNER)
    assert report.verdict is Verdict.PASSED
    assert report.name == "library-service"
    assert report.files == tuple(sorted(read_archive(CAPSULE)))


def test_it_verifies_from_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "capsule.zip"
    path.write_bytes(CAPSULE)
    assert verify_capsule(path).ok


def test_a_failed_project_verifies_and_its_verdict_is_told() -> None:
    report = verify_capsule(build_capsule(capsules.inputs(sample.failed_tests())))
    assert report.ok
    assert report.verdict is Verdict.FAILED


def test_without_keys_the_capsule_vouches_for_itself() -> None:
    report = verify_capsule(CAPSULE)
    assert report.ok
    assert report.trusted is None


def test_another_signer_is_not_trusted() -> None:
    report = verify_capsule(CAPSULE, [STRANGER])
    assert not report.ok
    assert report.trusted is False
    assert report.problems == (
        f"signed by {key_fingerprint(OWNER)}, which is not among the trusted keys",
    )


def test_no_trusted_key_at_all_trusts_nobody() -> None:
    assert not verify_capsule(CAPSULE, []).ok


def test_a_trusted_key_that_is_none_is_an_error_of_the_caller() -> None:
    with pytest.raises(SigningKeyError, match="Ed25519"):
        verify_capsule(CAPSULE, [b"not a key"])


PICTURE = f"capsule/pictures/{capsules.PICTURE_NAME}"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"library/app.py": b"import os\n"}, "library/app.py was changed"),
        ({"library/app.py": None}, "library/app.py is missing"),
        ({"library/evil.py": b""}, "library/evil.py is not listed"),
        ({"capsule/evil.py": b""}, "kept for the capsule"),
        ({"capsule/quality-report.html": b"all is well"}, "quality-report.html was changed"),
        ({"capsule/sbom.cdx.json": b"{}"}, "sbom.cdx.json was changed"),
        ({"capsule/verify.py": b"print('OK')"}, "verify.py was changed"),
        ({"capsule/verify.py": None}, "verify.py is missing"),
        ({"capsule/requirements.json": b"{}"}, "requirements.json is not what it should be"),
        ({"capsule/run.json": b"{}"}, "run.json"),
        ({"capsule/run.json": None}, "run.json is missing"),
        ({PICTURE: b"another"}, "pictures/01-start-1280-light.png was changed"),
        ({PICTURE: None}, "pictures/01-start-1280-light.png is missing"),
        ({"capsule/pictures/more.png": b""}, "capsule/pictures/more.png is not listed"),
        ({"capsule/pictures/con.png": b""}, "not a relative path inside the tree"),
        ({"capsule.json": b"{}"}, "capsule.json is not what it should be"),
        ({"capsule.json": b"["}, "capsule.json is not what it should be"),
        ({"capsule.json": b"[" * 100_000}, "capsule.json is not what it should be"),
        ({"capsule.json": None}, "this is not a capsule"),
        ({"capsule/public-key.pem": STRANGER}, "not made with the capsule's public key"),
        ({"capsule/public-key.pem": OWNER + b"\n"}, "not an Ed25519 public key"),
        ({"capsule/public-key.pem": b""}, "not an Ed25519 public key"),
        ({"capsule/provenance.dsse.json": b"{}"}, "not a DSSE envelope"),
        ({"capsule/provenance.dsse.json": b"[" * 100_000}, "not a DSSE envelope"),
        ({"capsule/provenance.dsse.json": None}, "provenance.dsse.json is missing"),
    ],
)
def test_tampering_is_named(changes: dict[str, bytes | None], problem: str) -> None:
    assert problem in problems_of(capsules.repacked(CAPSULE, changes))


def test_a_changed_verdict_is_found_even_when_the_list_of_files_stands() -> None:
    failed = build_capsule(capsules.inputs(sample.failed_tests()))
    manifest = json.loads(read_archive(failed)["capsule.json"]) | {"verdict": "passed"}
    forged = capsules.repacked(failed, {"capsule.json": canonical_json(manifest)})
    said = problems_of(forged)
    assert "the signature speaks of other contents: capsule.json" in said
    assert "different verdicts" in said


def test_a_forgery_signed_by_its_forger_fails_where_keys_are_compared() -> None:
    forged = capsules.resigned(CAPSULE, {"library/app.py": b"import os\n"}, capsules.STRANGER)
    assert verify_capsule(forged).signer == key_fingerprint(STRANGER)
    assert problems_of(forged) == (
        f"signed by {key_fingerprint(STRANGER)}, which is not among the trusted keys"
    )


def test_even_the_owner_cannot_sign_a_report_that_contradicts_the_manifest() -> None:
    files = read_archive(build_capsule(capsules.inputs(sample.failed_tests())))
    forged = capsules.resigned(
        CAPSULE,
        {"capsule/quality-report.json": files["capsule/quality-report.json"]},
        capsules.OWNER,
    )
    assert problems_of(forged) == "the quality report and the manifest have different verdicts"


def test_a_bill_of_materials_must_be_that_of_the_lock() -> None:
    files = read_archive(CAPSULE)
    short = json.loads(files["capsule/sbom.cdx.json"])
    short["components"] = short["components"][1:]
    short["dependencies"] = []
    forged = capsules.resigned(
        CAPSULE, {"capsule/sbom.cdx.json": canonical_json(short)}, capsules.OWNER
    )
    assert "differ: pkg:pypi/annotated-types@0.7.0" in problems_of(forged)
    wrong = {"capsule/sbom.cdx.json": canonical_json({**short, "specVersion": 7})}
    said = problems_of(capsules.resigned(CAPSULE, wrong, capsules.OWNER))
    assert "not CycloneDX 1.6" in said


def test_a_signature_over_something_else_than_a_capsule_is_refused() -> None:
    statement = capsules.statement_of(CAPSULE)
    for changed in (
        {**statement, "predicateType": "https://example.com/other"},
        {**statement, "subject": "x"},
        {**statement, "subject": statement["subject"][1:]},
        {"_type": "x"},
    ):
        signed = sign_statement(changed, capsules.OWNER)
        said = problems_of(capsules.repacked(CAPSULE, {"capsule/provenance.dsse.json": signed}))
        assert "not SLSA provenance" in said or "speaks of other contents" in said


def test_a_second_signature_or_another_spelling_of_the_envelope_is_refused() -> None:
    envelope = json.loads(read_archive(CAPSULE)["capsule/provenance.dsse.json"])
    again = {**envelope, "signatures": envelope["signatures"] * 2}
    spelled = json.dumps(envelope).encode()
    for written in (canonical_json(again), spelled):
        forged = capsules.repacked(CAPSULE, {"capsule/provenance.dsse.json": written})
        assert "provenance" in problems_of(forged)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\5\6" + b"\0" * 18, b"\0" * 1000, b"PK\3\4" * 9])
def test_garbage_is_no_capsule(data: bytes) -> None:
    report = verify_capsule(data)
    assert not report.ok
    assert report.problems


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert verify_capsule(tmp_path / "none.zip").problems == (
        "cannot be read: No such file or directory",
    )
    assert not verify_capsule(tmp_path).ok


def test_capsules_of_projects_without_dependencies_verify() -> None:
    contents = {path: data for path, data in sample.CONTENTS.items() if path != "requirements.txt"}
    given = replace(capsules.inputs(), tree=sample.tree(contents), contents=contents)
    assert verify_capsule(build_capsule(given)).ok


def holds(data: bytes) -> None:
    """Either refused, or nothing of the content differs; never an exception."""
    report = verify_capsule(data, [OWNER])
    if report.ok:
        assert read_archive(data) == read_archive(CAPSULE)
        # The verifier inside the capsule accepts what this one does.
        files = read_archive(data)
        key = verifier.raw_key(OWNER)
        _, signer, problems = verifier.check(set(files), files.__getitem__, False, key)
        assert (signer, problems) == (report.signer, [])
    else:
        assert report.problems


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(CAPSULE) - 1), mask=st.integers(1, 255))
def test_any_flipped_bits_are_found_or_do_not_matter(at: int, mask: int) -> None:
    holds(CAPSULE[:at] + bytes([CAPSULE[at] ^ mask]) + CAPSULE[at + 1 :])


@settings(max_examples=60, deadline=None)
@given(at=st.integers(-700, -1), mask=st.integers(1, 255))
def test_flipped_bits_in_the_archives_directory_are_found_or_do_not_matter(
    at: int, mask: int
) -> None:
    changed = bytearray(CAPSULE)
    changed[at] ^= mask
    holds(bytes(changed))


@settings(max_examples=60, deadline=None)
@given(length=st.integers(0, len(CAPSULE) - 1))
def test_a_capsule_cut_off_anywhere_is_refused(length: int) -> None:
    assert not verify_capsule(CAPSULE[:length], [OWNER]).ok


@settings(max_examples=60, deadline=None)
@given(extra=st.binary(min_size=1, max_size=50), front=st.booleans())
def test_data_before_or_behind_the_archive_is_refused(extra: bytes, front: bool) -> None:
    data = extra + CAPSULE if front else CAPSULE + extra
    assert not verify_capsule(data, [OWNER]).ok


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes) -> None:
    assert not verify_capsule(data).ok


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(sorted(read_archive(CAPSULE))),
    data=st.one_of(st.binary(max_size=60), st.sampled_from([b"{}", b"[]", b"null", b'{"a": 1}'])),
)
def test_any_file_replaced_by_anything_is_found(path: str, data: bytes) -> None:
    holds(capsules.repacked(CAPSULE, {path: data}))
