"""The GraphQL schema and how it is served."""

from quantumlayer.api.graphql.schema import schema
from quantumlayer.api.graphql.view import GraphQLView

__all__ = ["GraphQLView", "schema"]
