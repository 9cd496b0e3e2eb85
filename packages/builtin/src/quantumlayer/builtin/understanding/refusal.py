"""The clear refusal: what was not understood, and what can be built instead."""

CAPABILITIES = (
    "The built-in model builds HTTP services with entities, fields, relations and rules, and "
    "command-line tools that read, convert and report on files. "
    'For example: "A library service: books with title, author and isbn, members with name and '
    "email, loans that link a book to a member with a due date. "
    'Members can have at most 5 open loans." '
    "For anything else, set QL_MODEL to a language model."
)


class NotUnderstood(Exception):  # noqa: N818 - a refusal, not a fault
    """Nothing essential of a prompt was understood; the message says why and what can be done."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{reason} {CAPABILITIES}")
