"""Whether a question may be answered from the cache: a pure decision over facts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the caller knows of a request. `asked` is the client's own word, None without one."""

    enabled: bool
    """Whether the organisation's configuration lets answers be kept; no client overrides it."""
    asked: bool | None = None
    tools_act: bool = False
    """It offers tools that do something: an old answer would have the same thing done again."""
    stateful: bool = False
    """It leans on state at the provider: an earlier response, stored files, a conversation."""
    sampled: bool = False
    """It names a temperature above zero, or several choices: it wants variety."""


@dataclass(frozen=True, slots=True)
class Decision:
    """May the cache be used, and why not."""

    use: bool
    reason: str = ""


def cacheable(facts: RequestFacts) -> Decision:
    """No where an old answer could be wrong; what is only doubtful, when the client asks for it."""
    never = (
        (not facts.enabled, "the cache is not turned on"),
        (facts.asked is False, "the client does not want it"),
        (facts.stateful, "the answer depends on state at the provider"),
    )
    unless_asked = (
        (facts.tools_act, "its tools act: only when the client asks for it"),
        (facts.sampled, "it wants variety: only when the client asks for it"),
    )
    reasons = never if facts.asked else never + unless_asked
    reason = next((why for holds, why in reasons if holds), "")
    return Decision(use=not reason, reason=reason)
