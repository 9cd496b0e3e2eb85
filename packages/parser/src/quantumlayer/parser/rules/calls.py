"""Calls: what is called under which name, on what, with what."""

from tree_sitter import Node

from quantumlayer.parser.rules.names import canonical, text_of
from quantumlayer.parser.rules.scopes import Scopes
from quantumlayer.parser.rules.vocabulary import vocabulary


class Calls:
    """Reads the calls of one file."""

    def __init__(self, language: str, scopes: Scopes, imports: dict[str, str]) -> None:
        self._words = vocabulary(language)
        self._scopes = scopes
        self._imports = imports

    def parts(self, call: Node) -> tuple[Node | None, list[Node]]:
        """What is called, and the arguments as written."""
        fields = self._words.calls.get(call.type)
        if fields is None:
            return None, []
        callee, arguments = (call.child_by_field_name(field) for field in fields)
        if arguments is None:
            return callee, []
        if arguments.type == "generator_expression":
            return callee, [arguments]
        return callee, [one for one in arguments.named_children if one.type != "comment"]

    def callee(self, call: Node) -> str:
        """The canonical name of what is called."""
        callee, _ = self.parts(call)
        if callee is None:
            return ""
        receiver = call.child_by_field_name("object")
        written = text_of(callee)
        if receiver is not None:
            written = f"{text_of(receiver)}.{written}"
        return canonical(written, self._imports)

    def made_by(self, call: Node) -> str | None:
        """The name of the method on what the receiver was made by: `httpx.AsyncClient.get`."""
        receiver = self.receiver(call)
        if receiver is None or receiver.type not in self._words.names | self._words.members:
            return None
        for binding in self._scopes.bindings(receiver, text_of(receiver)):
            maker = binding.value
            if maker.type in self._words.transparent:
                maker = last_expression(maker) or maker
            if maker.type in self._words.calls:
                return f"{self.callee(maker)}.{self.callee(call).rsplit('.', 1)[-1]}"
        return None

    def receiver(self, call: Node) -> Node | None:
        """What a method is called on."""
        inside = call.child_by_field_name("object")
        if inside is not None:
            return inside
        callee, _ = self.parts(call)
        if callee is None:
            return None
        return callee.child_by_field_name("object") or callee.child_by_field_name("operand")


def last_expression(node: Node) -> Node | None:
    """What a wrapping node is about: `(a)`, `await a`, `a as T`."""
    children = [child for child in node.named_children if child.type != "comment"]
    if not children:
        return None
    if node.type in {"as_expression", "satisfies_expression", "non_null_expression"}:
        return children[0]
    return children[-1]
