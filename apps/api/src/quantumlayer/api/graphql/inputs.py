"""What clients send, checked where it comes in."""

import re
from uuid import UUID

import strawberry
from pydantic import ValidationError

from quantumlayer.api.errors import bad_input, run_not_found
from quantumlayer.core.identity import DEFAULT_PROJECT, is_project_slug
from quantumlayer.core.runs import MAX_PROMPT_CHARACTERS, RunLimits
from quantumlayer.core.runs.requests import RunRequest

LANGUAGES = ("python", "javascript")
MAX_KEY_CHARACTERS = 200
MAX_NAME_CHARACTERS = 100
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}")
# Everything below the space but tab, line feed and carriage return; PostgreSQL takes no NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@strawberry.input(description="What a run may spend; what is left out has a sensible default.")
class RunLimitsInput:
    """What a run may spend."""

    cost_usd: float | None = None
    tokens: int | None = None
    repair_rounds: int | None = None
    wall_seconds: int | None = None
    files: int | None = None
    file_bytes: int | None = None
    parallel_agents: int | None = None


@strawberry.input(description="What to build.")
class StartGenerationInput:
    """What to build."""

    prompt: str = strawberry.field(description="1 to 20,000 characters.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="The same key with the same input gives the same run."
    )
    project: str | None = strawberry.field(
        default=None, description="Made when it is new: 1 to 63 of a-z, 0-9 and -."
    )
    language: str | None = strawberry.field(default=None, description="python or javascript")
    model: str | None = strawberry.field(
        default=None, description="builtin, or a name that litellm knows."
    )
    limits: RunLimitsInput | None = None


def run_request(given: StartGenerationInput, default_model: str) -> RunRequest:
    """What `given` asks for; raises ApiError that names what is wrong with it."""
    return RunRequest(
        prompt=_prompt(given.prompt),
        project=_project(given.project or DEFAULT_PROJECT),
        language=_language(given.language),
        model=_model(given.model or default_model),
        limits=_limits(given.limits),
    )


def idempotency_key(given: str) -> str:
    """The key, checked."""
    return _text("idempotencyKey", given, MAX_KEY_CHARACTERS)


def credential_name(given: str) -> str:
    """The name of a credential, checked."""
    return _text("name", given.strip(), MAX_NAME_CHARACTERS)


def run_id_of(given: str) -> UUID:
    """The id of a run; raises ApiError (not found) for a text that can be none."""
    try:
        return UUID(given)
    except ValueError:
        raise run_not_found(given[:64]) from None


def _prompt(given: str) -> str:
    prompt = given.strip()
    if not prompt:
        raise bad_input("The prompt is empty. Say what to build, in a sentence or more.")
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        raise bad_input(
            f"The prompt has {len(prompt):,} characters, at most {MAX_PROMPT_CHARACTERS:,} are"
            " taken. Describe the application more briefly."
        )
    if _CONTROL.search(prompt):
        raise bad_input("The prompt holds control characters. Send plain text.")
    return prompt


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


def _model(given: str) -> str:
    if not _MODEL.fullmatch(given):
        raise bad_input("`model` must be `builtin` or a name such as `openai/gpt-5`.")
    return given


def _limits(given: RunLimitsInput | None) -> RunLimits:
    named = (
        {name: value for name, value in vars(given).items() if value is not None} if given else {}
    )
    try:
        return RunLimits.model_validate(named)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise bad_input(f"`limits`: {problem['loc'][0]}: {problem['msg']}.") from None


def _text(name: str, given: str, most: int) -> str:
    if not 1 <= len(given) <= most or _CONTROL.search(given):
        raise bad_input(f"`{name}` must be 1 to {most} printable characters.")
    return given
