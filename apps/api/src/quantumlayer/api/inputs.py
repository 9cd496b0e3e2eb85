"""What clients send, checked where it comes in."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import ValidationError

from quantumlayer.api.errors import bad_input, folder_not_found, preview_not_found, run_not_found
from quantumlayer.core.identity import DEFAULT_PROJECT, is_project_slug
from quantumlayer.core.models import is_offered
from quantumlayer.core.runs import RunLimits, prompt_problem
from quantumlayer.core.runs.requests import RunRequest
from quantumlayer.qlayer.requirements import GENERATED

LANGUAGES = tuple(language.value for language in GENERATED)
MAX_KEY_CHARACTERS = 200
MAX_NAME_CHARACTERS = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def run_request(
    *,
    prompt: str,
    project: str | None,
    language: str | None,
    model: str | None,
    models: Sequence[str],
    limits: Mapping[str, float],
    accept_partial: bool = False,
) -> RunRequest:
    """What is asked for; raises ApiError that names what is wrong with it.

    `models` are those that the deployment offers, the default first.
    """
    return RunRequest(
        prompt=_prompt(prompt),
        project=_project(project or DEFAULT_PROJECT),
        language=_language(language),
        model=_model(model, models),
        limits=_limits(limits),
        accept_partial=accept_partial,
    )


def checked_key(given: str) -> str:
    """An idempotency key."""
    return _text("idempotencyKey", given, MAX_KEY_CHARACTERS)


def checked_name(given: str) -> str:
    """The name of a credential."""
    return _text("name", given.strip(), MAX_NAME_CHARACTERS)


def run_id_of(given: str) -> UUID:
    """The id of a run; raises ApiError (not found) for a text that can be none."""
    try:
        return UUID(given)
    except ValueError:
        raise run_not_found(given[:64]) from None


def folder_id_of(given: str) -> UUID:
    """The id of a folder that was sent; raises ApiError (not found) for a text that can be none."""
    try:
        return UUID(given)
    except ValueError:
        raise folder_not_found(given[:64]) from None


def preview_id_of(given: str) -> UUID:
    """The id of a preview; raises ApiError (not found) for a text that can be none."""
    try:
        return UUID(given)
    except ValueError:
        raise preview_not_found(given[:64]) from None


def _prompt(given: str) -> str:
    """The text as it was sent: in some descriptions lines and their indentation mean something."""
    problem = prompt_problem(given)
    if problem is not None:
        raise bad_input(f"{problem[0].upper()}{problem[1:]}.")
    return given


def _project(given: str) -> str:
    if not is_project_slug(given):
        raise bad_input(
            "`project` must be 1 to 63 of a-z, 0-9 and -, not beginning or ending with -."
        )
    return given


def _language(given: str | None) -> str | None:
    if given is not None and given not in LANGUAGES:
        raise bad_input(f"`language` must be one of {', '.join(LANGUAGES)}, or be left out.")
    return given


def _model(given: str | None, models: Sequence[str]) -> str:
    if not models:
        raise bad_input(
            "There is no model here that could build anything: none is installed, and the"
            " deployment's settings name none. Set QL_MODEL to a language model, such as"
            " openai/gpt-5, with QL_MODEL_API_KEY, or install quantumlayer-builtin."
        )
    if given is None:
        return models[0]
    if not is_offered(given, models):
        raise bad_input(
            f"`model` must be one of those offered here: {', '.join(models)}. The deployment's"
            " QL_MODEL and QL_MODELS name them, as `quantumlayer up` last read them."
        )
    return given


def _limits(given: Mapping[str, float]) -> RunLimits:
    try:
        return RunLimits.model_validate(given)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise bad_input(f"`limits`: {problem['loc'][0]}: {problem['msg']}.") from None


def _text(name: str, given: str, most: int) -> str:
    if not 1 <= len(given) <= most or _CONTROL.search(given):
        raise bad_input(f"`{name}` must be 1 to {most} printable characters.")
    return given
