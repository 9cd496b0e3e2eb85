"""What is said to a model when its answer will not do, or was cut off."""

from quantumlayer.router.messages import Message


def continued(messages: tuple[Message, ...], partial: str) -> tuple[Message, ...]:
    """The conversation that asks for the rest of an answer that was cut off."""
    request = (
        "Your answer was cut off. Continue it at the very next character. "
        "Repeat nothing, explain nothing, open no code fence."
    )
    return (
        *messages,
        Message(role="assistant", content=partial),
        Message(role="user", content=request),
    )


def refused(messages: tuple[Message, ...], answer: str, request: str) -> tuple[Message, ...]:
    """The conversation that shows the model its answer and says what is wanted instead."""
    said = (Message(role="assistant", content=answer),) if answer.strip() else ()
    return (*messages, *said, Message(role="user", content=request))
