"""Which deployments a call may go to, and in which order."""

from typing import get_args

from quantumlayer.gateway.http import GatewayError, Request
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.router.configuration import Routes, Strategy
from quantumlayer.router.configuration.routes import combined
from quantumlayer.router.routing import Candidate, Wishes, route
from quantumlayer.router.routing import Strategy as Routing

_NO_WISHES = Wishes()
_WISHES = (b"x-ql-strategy", b"x-ql-tags", b"x-ql-regions")
_STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


def candidates_of(
    call: Call, request: Request, setup: Setup, input_estimate: int
) -> tuple[Candidate, ...]:
    """Whom to ask, in order; raises `GatewayError` where no deployment fits what is wished."""
    routes = call.caller.routes
    if any(name in request.headers for name in _WISHES):
        routes = combined((routes, _wished(request)))
    wishes = Wishes(
        tags=frozenset(routes.tags),
        regions=routes.regions,
        region_required=routes.only,
        strategy=Routing(routes.strategy) if routes.strategy else None,
        input_tokens=input_estimate,
        output_tokens=call.asked.most_output or _NO_WISHES.output_tokens,
    )
    found = route(setup.table, call.asked.model, wishes, setup.parts.health, setup.parts.rng)
    if not found:
        raise GatewayError("bad_request", _nobody(call.asked.model, routes))
    return found


def _wished(request: Request) -> Routes:
    """What the request's own headers say."""
    strategy = request.header(b"x-ql-strategy")
    if strategy is not None and strategy not in _STRATEGIES:
        said = f"X-QL-Strategy is {strategy!r}; it may be {', '.join(_STRATEGIES)}"
        raise GatewayError("bad_request", said)
    return Routes.model_construct(
        tags=_names(request.header(b"x-ql-tags")),
        regions=_names(request.header(b"x-ql-regions")),
        strategy=strategy,
    )


def _names(value: str | None) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, (value or "").split(","))))


def _nobody(model: str, routes: Routes) -> str:
    wished = [f"the tag {tag!r}" for tag in routes.tags]
    if routes.only:
        wished.append(f"the region {' or '.join(routes.regions) or 'that all levels allow'}")
    return f"no deployment of {model!r} has {' and '.join(wished)}, which this call must have"
