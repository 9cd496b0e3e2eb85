"""`startGeneration`."""

import uuid

from quantumlayer.api import runs
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.inputs import StartGenerationInput
from quantumlayer.api.graphql.types.run import Run
from quantumlayer.api.inputs import checked_key, folder_id_of, run_id_of, run_request
from quantumlayer.api.revisions import Begun, with_base
from quantumlayer.core.identity import Permission


async def start_generation(info: Info, input: StartGenerationInput) -> Run:  # noqa: A002 - the name that callers know
    """Starts a run, or finds the one that its idempotency key has started."""
    context = info.context
    context.require(Permission.RUN)
    services = context.services
    request = run_request(
        prompt=input.prompt,
        project=input.project,
        language=input.language,
        model=input.model,
        models=services.settings.offered_models,
        limits=input.limits.given() if input.limits else {},
        accept_partial=input.accept_partial,
    )
    begun = Begun(
        parent=run_id_of(input.parent) if input.parent else None,
        folder=folder_id_of(input.folder) if input.folder else None,
        stays=input.project is None,
    )
    request = await with_base(services, context.organisation_id, request, begun)
    key = uuid.uuid4().hex if input.idempotency_key is None else checked_key(input.idempotency_key)
    return Run(row=await runs.start_run(services, context.organisation_id, request, key))
