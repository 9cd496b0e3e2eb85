"""The requirements document, as it is now and as it was."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Domain, Requirements
from tests.support import sample_project as sample

FORMER_MEMBERS = {"service": {"entities": [{"name": "Book"}]}, "tool": None, "library": None}


def document(**more: object) -> str:
    """The sample's requirements as JSON, with other members."""
    stored: dict[str, Any] = json.loads(sample.requirements().model_dump_json())
    return json.dumps({**stored, **more})


def test_a_document_of_the_first_version_is_read_without_the_members_it_had_then() -> None:
    former = document(schema_version=1, **FORMER_MEMBERS)
    read = Requirements.model_validate_json(former)
    assert (read.name, read.items) == (sample.requirements().name, sample.requirements().items)
    assert read.domain is None


def test_an_unknown_member_of_a_document_of_today_is_a_fault() -> None:
    with pytest.raises(ValidationError, match="service"):
        Requirements.model_validate_json(document(**FORMER_MEMBERS))


def test_a_models_own_form_comes_back_as_it_was_stored() -> None:
    own = Domain(format="somebody.service/3", content={"rules": [1, {"deep": None}]})
    kept = sample.requirements().model_copy(update={"domain": own})
    assert Requirements.model_validate_json(kept.model_dump_json()) == kept


def test_assumptions_are_spoken_of_by_number() -> None:
    assumed = sample.requirements().model_copy(update={"assumptions": ("Cents.", "UTC.")})
    assert assumed.numbered_assumptions == (("A1", "Cents."), ("A2", "UTC."))


def test_a_plan_from_before_there_were_stacks_is_read() -> None:
    stored = json.loads(sample.blueprint().model_dump_json())
    del stored["stack"]
    for file in stored["files"]:
        del file["agent"]
    assert Blueprint.model_validate(stored) == sample.blueprint()


@pytest.mark.parametrize("name", ["service", "Some Body/1", "somebody/0", "somebody/1/2", "/1"])
def test_a_form_has_a_name_and_a_version(name: str) -> None:
    with pytest.raises(ValidationError):
        Domain(format=name, content={})
