"""What a stack builds, and in which language, as requirements and blueprints name it."""

from quantumlayer.qlayer.requirements import ApplicationKind, Language
from quantumlayer.qlayer.stacks.model import Builds, Stack

KINDS = {
    Builds.SERVICE: ApplicationKind.SERVICE,
    Builds.TOOL: ApplicationKind.COMMAND_LINE_TOOL,
    Builds.LIBRARY: ApplicationKind.LIBRARY,
    Builds.PAGE: ApplicationKind.PAGE,
    Builds.FULL_STACK: ApplicationKind.FULL_STACK,
}
BUILDS = {kind: builds for builds, kind in KINDS.items()}


def kind_of(stack: Stack) -> ApplicationKind:
    """The kind of what is built of it."""
    return KINDS[stack.builds]


def language_of(stack: Stack) -> Language:
    """The language that it is written in, the first where there are several."""
    return Language(stack.languages[0])
