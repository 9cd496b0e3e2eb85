"""What is in a capsule, and that equal inputs give equal bytes."""

import hashlib
import io
import json
import stat
import zipfile
from dataclasses import replace

import pytest

from quantumlayer.qlayer import PathEscapesTree, SourceFile, SourceTree
from quantumlayer.qlayer.capsule import NOT_REPRODUCIBLE, build_capsule, inspect_capsule
from quantumlayer.qlayer.capsule.verifier import read_archive
from tests.support import capsules
from tests.support import sample_project as sample


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert build_capsule(capsules.inputs()) == build_capsule(capsules.inputs())


def test_another_run_by_another_builder_differs_only_where_the_manifest_says() -> None:
    first = read_archive(build_capsule(capsules.inputs()))
    other = replace(capsules.inputs(), run=capsules.run("run-2", 15), signing_key=capsules.STRANGER)
    second = read_archive(build_capsule(other))
    differing = {path for path in first if first[path] != second[path]}
    assert differing == set(NOT_REPRODUCIBLE)
    assert set(json.loads(first["capsule.json"])["not_reproducible"]) == differing


def test_evidence_that_varies_from_run_to_run_does_not_reach_the_reproducible_part() -> None:
    tests = sample.failed_tests()
    slower = tests.model_copy(update={"elapsed_seconds": 99.0, "output": "other"})
    assert build_capsule(capsules.inputs(tests)) == build_capsule(capsules.inputs(slower))


def test_other_pixels_differ_only_in_the_record_of_the_run_and_in_themselves() -> None:
    first = read_archive(build_capsule(capsules.inputs()))
    again = capsules.PICTURE + b"other pixels"
    inputs = capsules.inputs()
    quality = inputs.quality.model_copy(update={"delivery": capsules.delivery(again)})
    other = replace(inputs, quality=quality, pictures={capsules.PICTURE_NAME: again})
    second = read_archive(build_capsule(other))
    # then
    differing = {path for path in first if first[path] != second[path]}
    picture = f"capsule/pictures/{capsules.PICTURE_NAME}"
    assert differing == {picture, "capsule/run.json", "capsule/provenance.dsse.json"}
    (listed,) = json.loads(second["capsule/run.json"])["pictures"]
    assert (listed["path"], listed["sha256"]) == (picture, hashlib.sha256(again).hexdigest())
    assert first["capsule.json"] == second["capsule.json"]


def test_the_project_lies_at_the_root_and_all_that_is_known_of_it_beside() -> None:
    files = read_archive(build_capsule(capsules.inputs()))
    assert {path: data for path, data in files.items() if path in sample.CONTENTS} == dict(
        sample.CONTENTS
    )
    assert set(files) - set(sample.CONTENTS) == {
        "capsule.json",
        "capsule/blueprint.json",
        f"capsule/pictures/{capsules.PICTURE_NAME}",
        "capsule/provenance.dsse.json",
        "capsule/public-key.pem",
        "capsule/quality-report.html",
        "capsule/quality-report.json",
        "capsule/requirements.json",
        "capsule/run.json",
        "capsule/sbom.cdx.json",
        "capsule/verify.py",
    }


def test_entries_are_sorted_and_carry_no_time_and_no_rights_but_reading() -> None:
    with zipfile.ZipFile(io.BytesIO(build_capsule(capsules.inputs()))) as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {stat.S_IFREG | 0o644}


def test_the_manifest_tells_each_files_digest_role_author_and_reason() -> None:
    manifest = inspect_capsule(build_capsule(capsules.inputs())).manifest
    listed = {file.path: file for file in manifest.files}
    source = sample.tree().find("library/loans.py")
    assert source is not None
    loans = listed["library/loans.py"]
    assert (loans.sha256, loans.size) == (source.sha256, source.size)
    assert (loans.role, loans.origin, loans.requirements) == ("source", "generator", ("R2",))
    assert listed["capsule/sbom.cdx.json"].role == "evidence"
    assert set(listed) == {
        path
        for path in read_archive(build_capsule(capsules.inputs()))
        if path != "capsule.json" and path not in NOT_REPRODUCIBLE and "/pictures/" not in path
    }


def test_the_prompt_is_named_by_its_digest_and_not_kept() -> None:
    capsule = build_capsule(replace(capsules.inputs(), prompt="a secret wish"))
    assert b"a secret wish" not in capsule
    assert len(inspect_capsule(capsule).manifest.prompt_sha256) == 64


def test_a_capsule_that_passed_has_the_readme_as_written() -> None:
    capsule = inspect_capsule(build_capsule(capsules.inputs()))
    assert capsule.manifest.verdict.value == "passed"
    assert capsule.files["README.md"] == sample.CONTENTS["README.md"]


def test_a_capsule_that_failed_says_so_on_its_face() -> None:
    capsule = inspect_capsule(build_capsule(capsules.inputs(sample.failed_tests())))
    assert capsule.manifest.verdict.value == "failed"
    assert capsule.manifest.verdict_reasons == ("1 test of 2 did not pass.",)
    readme = capsule.files["README.md"].decode()
    assert readme.startswith("> **This project did not pass its checks. Verdict: failed.**")
    assert "1 test of 2 did not pass." in readme
    assert readme.endswith(sample.CONTENTS["README.md"].decode())


def test_a_failed_project_without_a_readme_gets_one_that_says_so() -> None:
    contents = {path: data for path, data in sample.CONTENTS.items() if path != "README.md"}
    built = build_capsule(capsules.inputs(sample.failed_tests(), contents))
    readme = inspect_capsule(built).files["README.md"].decode()
    assert "Verdict: failed" in readme
    assert "# Library service" in readme


def test_the_report_page_and_the_report_say_the_same() -> None:
    capsule = inspect_capsule(build_capsule(capsules.inputs(sample.failed_tests())))
    page = capsule.files["capsule/quality-report.html"].decode()
    assert all(reason in page for reason in capsule.quality.reasons)


def test_provenance_names_every_file_the_prompt_the_model_and_the_run() -> None:
    built = build_capsule(capsules.inputs())
    statement = capsules.statement_of(built)
    manifest = inspect_capsule(built).manifest
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://slsa.dev/provenance/v1"
    subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    assert {file.path: file.sha256 for file in manifest.files}.items() < subjects.items()
    assert set(subjects) - {file.path for file in manifest.files} == {"capsule.json"}
    definition = statement["predicate"]["buildDefinition"]
    assert definition["externalParameters"] == {
        "prompt": {"sha256": manifest.prompt_sha256},
        "model": "builtin",
        "kind": "service",
        "language": "python",
    }
    dependencies = definition["resolvedDependencies"]
    assert {"uri": "pkg:pypi/fastapi@0.115.0"} in dependencies
    assert {"requirements.txt", "capsule/blueprint.json", "capsule/requirements.json"} == {
        one["name"] for one in dependencies if "name" in one
    }
    assert statement["predicate"]["runDetails"]["metadata"] == {
        "invocationId": "run-1",
        "startedOn": "2026-11-02T10:00:00.000000Z",
        "finishedOn": "2026-11-02T10:01:00.000000Z",
    }


def test_contents_that_are_not_those_of_the_tree_are_refused() -> None:
    given = capsules.inputs()
    changed = {**sample.CONTENTS, "library/app.py": b"import os\n"}
    with pytest.raises(ValueError, match=r"library/app.py is not that of the source tree"):
        build_capsule(replace(given, contents=changed))
    with pytest.raises(ValueError, match=r"content of README.md was not given"):
        build_capsule(replace(given, contents={}))


@pytest.mark.parametrize("path", ["../evil.py", "/etc/passwd", "capsule.json", "capsule/run.json"])
def test_a_path_outside_the_project_is_refused(path: str) -> None:
    given = capsules.inputs()
    stray = SourceFile.model_construct(
        path=path,
        sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        size=0,
        role=sample.role_of("a.py"),
        origin="generator",
        requirements=(),
    )
    tree = SourceTree(files=(stray,))
    with pytest.raises(PathEscapesTree):
        build_capsule(replace(given, tree=tree, contents={path: b""}))


def test_two_files_that_are_one_where_case_does_not_count_are_refused() -> None:
    with pytest.raises(ValueError, match="where case does not count"):
        build_capsule(capsules.with_file("Library/app.py", b""))
