"""The schema: what clients may read, change and watch."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from quantumlayer.api.graphql.errors import ClientErrors
from quantumlayer.api.graphql.limits import OperationLimits
from quantumlayer.api.graphql.mutations import Mutation
from quantumlayer.api.graphql.queries import Query
from quantumlayer.api.graphql.subscriptions import Subscription


class _Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Logs nothing: `ClientErrors` logs what is a fault of ours, and nothing else."""


schema = _Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[ClientErrors, OperationLimits],
    config=StrawberryConfig(),
)
