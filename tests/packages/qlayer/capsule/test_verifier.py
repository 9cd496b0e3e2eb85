"""The verifier in the capsule: one file, no dependencies, and it agrees with ours."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumlayer.qlayer.capsule import build_capsule, public_key_pem, unpack_capsule, verifier
from quantumlayer.qlayer.capsule.verifier import ed25519_verifies
from tests.support import capsules
from tests.support import sample_project as sample

CAPSULE = build_capsule(capsules.inputs())

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_verify(key: str, message: str, signature: str) -> None:
    given_key, given_message = bytes.fromhex(key), bytes.fromhex(message)
    given_signature = bytes.fromhex(signature)
    assert ed25519_verifies(given_key, given_message, given_signature)
    assert not ed25519_verifies(given_key, given_message + b"x", given_signature)


def test_a_signature_has_one_spelling_only() -> None:
    key, message, signature = (bytes.fromhex(text) for text in VECTORS[1])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not ed25519_verifies(key, message, signature[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize(
    ("key", "signature"),
    [(b"", b"\0" * 64), (b"\xff" * 32, b"\0" * 64), (b"\1" + b"\0" * 31, b"\0" * 63)],
)
def test_what_is_no_key_or_no_signature_does_not_verify(key: bytes, signature: bytes) -> None:
    assert not ed25519_verifies(key, b"", signature)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.binary(min_size=32, max_size=32),
    message=st.binary(max_size=100),
    flip=st.integers(0, 511),
    flipped=st.booleans(),
)
def test_it_agrees_with_openssl(seed: bytes, message: bytes, flip: int, flipped: bool) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    signature = bytearray(private.sign(message))
    if flipped:
        signature[flip // 8] ^= 1 << flip % 8
    try:
        private.public_key().verify(bytes(signature), message)
        expected = True
    except InvalidSignature:
        expected = False
    raw = private.public_key().public_bytes_raw()
    assert ed25519_verifies(raw, message, bytes(signature)) is expected


def run(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    unpack_capsule(CAPSULE, folder)
    return folder


def test_an_unzipped_capsule_checks_itself_with_the_standard_library_alone(unpacked: Path) -> None:
    done = run("capsule/verify.py", folder=unpacked)
    assert done.stdout.startswith("OK: library-service, verdict passed\n")
    assert done.stderr == ""
    assert done.returncode == 0
    assert not list(unpacked.rglob("__pycache__"))


def test_it_checks_a_zip(tmp_path: Path) -> None:
    (tmp_path / "capsule.zip").write_bytes(CAPSULE)
    shutil.copy(verifier.__file__, tmp_path / "verify.py")
    done = run("verify.py", "capsule.zip", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("OK: ")


def test_it_says_that_a_project_did_not_pass(tmp_path: Path) -> None:
    unpack_capsule(build_capsule(capsules.inputs(sample.failed_tests())), tmp_path / "p")
    done = run("capsule/verify.py", folder=tmp_path / "p")
    assert done.returncode == 0
    assert "verdict failed" in done.stdout
    assert "did not pass its checks" in done.stdout


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("library/app.py", b"import os\n", "library/app.py was changed"),
        ("library/app.py", None, "library/app.py is missing"),
        ("library/evil.py", b"", "not listed in capsule.json: library/evil.py"),
        ("capsule/run.json", b"{}", "capsule/run.json was changed"),
        ("capsule/run.json", b'{"pictures": [{}]}', "does not list the capsule's pictures"),
        (
            "capsule/run.json",
            b'{"pictures": [{"path": "library/app.py", "sha256": ""}]}',
            "lists what is no picture",
        ),
        (f"capsule/pictures/{capsules.PICTURE_NAME}", b"another", "light.png was changed"),
        (f"capsule/pictures/{capsules.PICTURE_NAME}", None, "light.png is missing"),
        ("capsule/pictures/more.png", b"", "not listed in capsule.json: capsule/pictures/more"),
        ("capsule/provenance.dsse.json", b"{}", "not a DSSE envelope"),
        ("capsule/public-key.pem", b"", "not an Ed25519 key"),
        (
            "capsule/public-key.pem",
            public_key_pem(capsules.STRANGER),
            "not made with the capsule's public key",
        ),
        ("capsule.json", b"[]", "capsule.json is not a JSON object"),
        ("capsule.json", b'{"files": [], "not_reproducible": ["a"]}', "leaves out files"),
        ("capsule.json", None, "capsule.json is missing"),
    ],
)
def test_tampering_is_named_and_fails(
    unpacked: Path, path: str, content: bytes | None, problem: str
) -> None:
    if content is None:
        (unpacked / path).unlink()
    else:
        (unpacked / path).write_bytes(content)
    done = run("capsule/verify.py", folder=unpacked)
    assert done.stdout.startswith("FAILED: ")
    assert problem in done.stdout
    assert (done.returncode, done.stderr) == (1, "")


def test_a_link_is_no_file(unpacked: Path) -> None:
    target = unpacked / "library" / "app.py"
    target.rename(unpacked.parent / "app.py")
    target.symlink_to(unpacked.parent / "app.py")
    done = run("capsule/verify.py", folder=unpacked)
    assert done.returncode == 1
    assert "not a plain file" in done.stdout


def test_files_of_ones_own_are_accepted_when_asked_for(unpacked: Path) -> None:
    (unpacked / ".venv").mkdir()
    (unpacked / ".venv" / "pyvenv.cfg").touch()
    assert run("capsule/verify.py", folder=unpacked).returncode == 1
    assert run("capsule/verify.py", "--allow-unlisted", folder=unpacked).returncode == 0


def test_the_signer_is_compared_with_a_given_key(unpacked: Path, tmp_path: Path) -> None:
    owner, stranger = tmp_path / "owner.pem", tmp_path / "stranger.pem"
    owner.write_bytes(public_key_pem(capsules.OWNER))
    stranger.write_bytes(public_key_pem(capsules.STRANGER))
    assert run("capsule/verify.py", "--key", owner, folder=unpacked).returncode == 0
    done = run("capsule/verify.py", "--key", stranger, folder=unpacked)
    assert done.returncode == 1
    assert "not by the key that you gave" in done.stdout


def test_a_forgery_signed_by_its_forger_needs_a_key_to_be_found(tmp_path: Path) -> None:
    forged = capsules.resigned(CAPSULE, {"library/app.py": b"import os\n"}, capsules.STRANGER)
    (tmp_path / "forged.zip").write_bytes(forged)
    owner = tmp_path / "owner.pem"
    owner.write_bytes(public_key_pem(capsules.OWNER))
    script = verifier.__file__
    assert run(script, "forged.zip", "--key", owner, folder=tmp_path).returncode == 1
    alone = run(script, "forged.zip", folder=tmp_path)
    assert "was not compared with a key that you trust" in alone.stdout


@pytest.mark.parametrize("name", ["none.zip", "garbage.zip"])
def test_what_is_no_capsule_fails_without_a_traceback(tmp_path: Path, name: str) -> None:
    (tmp_path / "garbage.zip").write_bytes(b"PK\3\4 not really")
    done = run(verifier.__file__, name, folder=tmp_path)
    assert done.stdout.startswith("FAILED: ")
    assert (done.returncode, done.stderr) == (1, "")


def test_wrong_usage_is_status_two(tmp_path: Path) -> None:
    assert run(verifier.__file__, "--nonsense", folder=tmp_path).returncode == 2
