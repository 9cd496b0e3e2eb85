"""The bill of materials: what the lock says, valid, and the same every time."""

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from quantumlayer.qlayer.capsule.lockfile import LockedPackage, lock_files, locked_packages
from quantumlayer.qlayer.capsule.sbom import build_sbom, sbom_problems
from tests.support import sample_project as sample

PACKAGES = locked_packages(sample.CONTENTS)


def sbom(
    packages: tuple[LockedPackage, ...] = PACKAGES, licences: dict[str, str] | None = None
) -> bytes:
    return build_sbom(
        name="library-service",
        description="Library service",
        packages=packages,
        generator_version="0.1.0",
        licences=licences,
    )


def test_a_lock_with_hashes_is_read() -> None:
    assert [(one.name, one.version, len(one.hashes)) for one in PACKAGES] == [
        ("annotated-types", "0.7.0", 2),
        ("fastapi", "0.115.0", 1),
        ("pydantic", "2.9.2", 1),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"Flask_Login==0.6.3\n", ("flask-login", "0.6.3")),
        (b"uvicorn[standard]==0.30.1 ; python_version < '4'\n", ("uvicorn", "0.30.1")),
    ],
)
def test_names_are_normalised_and_extras_left_out(line: bytes, expected: tuple[str, str]) -> None:
    (package,) = locked_packages({"requirements.txt": line})
    assert (package.name, package.version) == expected


@pytest.mark.parametrize(
    "line", [b"", b"# nothing\n", b"-r other.txt\n", b"--hash=sha256:00\n", b"\xff\xfe==1\n"]
)
def test_lines_that_pin_nothing_count_for_nothing(line: bytes) -> None:
    assert locked_packages({"requirements.txt": line}) == ()


def test_a_package_lock_is_read_without_what_is_for_development() -> None:
    lock = {
        "packages": {
            "": {"name": "app"},
            "node_modules/@scope/a": {"version": "1.0.0", "integrity": "sha512-AAAA"},
            "node_modules/b": {"version": "2.0.0", "dev": True},
        }
    }
    (package,) = locked_packages({"package-lock.json": json.dumps(lock).encode()})
    assert package.purl.to_string() == "pkg:npm/%40scope/a@1.0.0"
    assert package.hashes == (("sha512", "000000"),)


def test_a_package_json_without_a_lock_names_without_versions() -> None:
    packages = locked_packages({"package.json": b'{"dependencies": {"left-pad": "^1"}}'})
    assert [one.purl.to_string() for one in packages] == ["pkg:npm/left-pad"]
    assert sbom_problems(sbom(packages), packages) == ()


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"dependencies": 1}', b"[" * 99_999])
def test_a_broken_package_file_names_nothing(data: bytes) -> None:
    assert locked_packages({"package.json": data}) == ()
    assert locked_packages({"package-lock.json": data}) == ()


def test_the_files_that_were_read_are_known() -> None:
    assert lock_files(sample.CONTENTS) == ("requirements.txt",)


def test_it_is_valid_cyclonedx() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(sbom().decode()) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(sbom(()).decode()) is None


def test_the_same_lock_gives_the_same_bytes_and_another_lock_another_serial() -> None:
    assert sbom() == sbom()
    serials = {json.loads(data)["serialNumber"] for data in (sbom(), sbom(PACKAGES[1:]))}
    assert len(serials) == 2
    assert b"timestamp" not in sbom()


def test_it_lists_the_application_and_each_component_with_purl_hashes_and_licence() -> None:
    document = json.loads(sbom())
    assert document["metadata"]["component"]["name"] == "library-service"
    by_name = {one["name"]: one for one in document["components"]}
    fastapi = by_name["fastapi"]
    assert fastapi["purl"] == "pkg:pypi/fastapi@0.115.0"
    assert fastapi["hashes"] == [{"alg": "SHA-256", "content": PACKAGES[1].hashes[0][1]}]
    assert fastapi["licenses"] == [{"license": {"acknowledgement": "declared", "id": "MIT"}}]
    (application,) = (
        one for one in document["dependencies"] if one["ref"] == "application:library-service"
    )
    assert application["dependsOn"] == [one.purl.to_string() for one in PACKAGES]


def test_licences_can_be_given_and_are_not_guessed() -> None:
    packages = locked_packages({"requirements.txt": b"obscure==1\nrare==2\n"})
    document = json.loads(sbom(packages, {"rare": "MIT OR Apache-2.0"}))
    by_name = {one["name"]: one for one in document["components"]}
    assert "licenses" not in by_name["obscure"]
    assert by_name["rare"]["licenses"][0]["expression"] == "MIT OR Apache-2.0"


def test_it_fits_its_own_lock_and_no_other() -> None:
    assert sbom_problems(sbom(), PACKAGES) == ()
    (problem,) = sbom_problems(sbom(), PACKAGES[1:])
    assert problem == "the bill of materials and the lock differ: pkg:pypi/annotated-types@0.7.0"


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"\xff", b"[" * 99_999, b'{"bomFormat": "CycloneDX"}']
)
def test_what_is_none_is_said(data: bytes) -> None:
    assert len(sbom_problems(data, ())) == 1
