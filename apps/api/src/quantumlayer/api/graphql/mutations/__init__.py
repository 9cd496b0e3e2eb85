"""Everything that clients may change; a file a mutation."""

import strawberry

from quantumlayer.api.graphql.mutations.cancel_run import cancel_run
from quantumlayer.api.graphql.mutations.create_api_key import create_api_key
from quantumlayer.api.graphql.mutations.create_owner_link import create_owner_link
from quantumlayer.api.graphql.mutations.decide_wish import decide_wish
from quantumlayer.api.graphql.mutations.forget_memory import clear_memory, forget_memory
from quantumlayer.api.graphql.mutations.start_generation import start_generation
from quantumlayer.api.graphql.mutations.start_preview import start_preview
from quantumlayer.api.graphql.mutations.stop_preview import stop_preview
from quantumlayer.api.graphql.types.preview import Preview
from quantumlayer.api.graphql.types.run import Run
from quantumlayer.api.graphql.types.viewer import CreatedApiKey, OwnerLink


@strawberry.type
class Mutation:
    """Everything that clients may change."""

    start_generation: Run = strawberry.mutation(
        resolver=start_generation,
        description="Starts a run, or queues it as long as the workflow server is away.",
    )
    cancel_run: Run = strawberry.mutation(
        resolver=cancel_run,
        description="Asks a run to stop; it ends as cancelled once its work is cleaned up.",
    )
    decide_wish: Run = strawberry.mutation(
        resolver=decide_wish,
        description="Answers a run that asks what becomes of a wish that no stack serves.",
    )
    start_preview: Preview = strawberry.mutation(
        resolver=start_preview,
        description="Starts what a run has made, as it is delivered; ask for its state afterwards.",
    )
    stop_preview: Preview = strawberry.mutation(
        resolver=stop_preview, description="Ends a preview; one that has ended stays as it is."
    )
    forget_memory: int = strawberry.mutation(
        resolver=forget_memory,
        description="Has later runs no longer shown this one; 0 where it was not remembered.",
    )
    clear_memory: int = strawberry.mutation(
        resolver=clear_memory, description="Forgets all runs; how many were remembered."
    )
    create_api_key: CreatedApiKey = strawberry.mutation(
        resolver=create_api_key, description="Makes an API key. Owners only."
    )
    create_owner_link: OwnerLink = strawberry.mutation(
        resolver=create_owner_link,
        description="Makes a link that signs one visitor in, within 15 minutes. Owners only.",
    )


__all__ = ["Mutation"]
