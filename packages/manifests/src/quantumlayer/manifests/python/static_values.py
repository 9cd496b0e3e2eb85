"""What expressions of a script are worth, as far as that is written down in it."""

import ast
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any


class Unknown:
    """Stands for what only running the script would tell."""


_MOST_DEEP = 30
_OF_TEXTS = frozenset({"strip", "splitlines", "split", "lower"})
_COPIES = frozenset({"list", "tuple", "sorted", "set"})


class Values:
    """The names that a script binds, and what expressions made of them are."""

    def __init__(self, tree: ast.Module) -> None:
        """`tree` is only read."""
        self.bound: dict[str, list[ast.expr]] = defaultdict(list)
        self.functions: dict[str, ast.FunctionDef] = {}
        self.uncertain: set[str] = set()
        self.depth = 0
        for node in tree.body:
            self._bind(node)
        for nested in ast.walk(tree):
            if isinstance(nested, ast.FunctionDef):
                self.functions.setdefault(nested.name, nested)
                for inner in nested.body:
                    self._bind(inner)

    def _bind(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind_target(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind_target(target, value)
            case ast.AugAssign(target=ast.Name(id=name)):
                self.uncertain.add(name)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                # `requirements.append(…)`, under whatever condition.
                self.uncertain.add(name)
            case ast.If() | ast.Try() | ast.With():
                self._bind_inside(node)
            case _:
                pass

    def _bind_target(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.bound[target.id].append(value)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            entry = ast.Dict([target.slice], [value], lineno=value.lineno)
            self.bound[target.value.id].append(entry)

    def _bind_inside(self, node: ast.If | ast.Try | ast.With) -> None:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Assign):
                self._bind(inner)
                if not isinstance(node, ast.With):
                    names = (one for one in inner.targets if isinstance(one, ast.Name))
                    self.uncertain |= {one.id for one in names}
            elif isinstance(inner, ast.Call | ast.AugAssign):
                self._bind(inner if isinstance(inner, ast.AugAssign) else ast.Expr(inner))

    def of(self, node: ast.expr) -> Any:  # noqa: ANN401 - what the script holds
        """The value of an expression; Unknown (the class itself) when it is computed."""
        read = _READERS.get(type(node))
        if read is None or self.depth > _MOST_DEEP:
            return Unknown
        self.depth += 1
        try:
            return read(self, node)
        finally:
            self.depth -= 1

    def named(self, node: ast.Name) -> Any:  # noqa: ANN401 - a value of any kind
        """A name that is bound once, for certain."""
        found = self.bound.get(node.id, [])
        return self.of(found[0]) if len(found) == 1 and node.id not in self.uncertain else Unknown

    def listed(self, node: ast.List | ast.Tuple | ast.Set) -> Any:  # noqa: ANN401 - a value of any kind
        """Several values in a row."""
        found: list[Any] = []
        for element in node.elts:
            if isinstance(element, ast.Starred):
                inner = self.of(element.value)
                found += inner if isinstance(inner, list | tuple) else [Unknown]
            else:
                found.append(self.of(element))
        return Unknown if Unknown in found else found

    def dictionary(self, node: ast.Dict) -> Any:  # noqa: ANN401 - a value of any kind
        """A dictionary whose keys are texts."""
        entries = self.entries(node)
        found = {name: self.of(value) for name, value in (entries or {}).items()}
        return Unknown if entries is None or Unknown in found.values() else found

    def added(self, node: ast.BinOp) -> Any:  # noqa: ANN401 - a value of any kind
        """Lists and texts that are put together."""
        left, right = self.of(node.left), self.of(node.right)
        if not isinstance(node.op, ast.Add):
            return Unknown
        if isinstance(left, list | tuple) and isinstance(right, list | tuple):
            return [*left, *right]
        return left + right if isinstance(left, str) and isinstance(right, str) else Unknown

    def joined(self, node: ast.JoinedStr) -> Any:  # noqa: ANN401 - a value of any kind
        """A text with values in it."""
        parts = [
            self.of(part.value if isinstance(part, ast.FormattedValue) else part)
            for part in node.values
        ]
        return Unknown if Unknown in parts else "".join(map(str, parts))

    def entry(self, node: ast.Subscript) -> Any:  # noqa: ANN401 - a value of any kind
        """One entry of a dictionary or a list."""
        name, entries = self.of(node.slice), self.entries(node.value)
        if entries is not None and name in entries:
            return self.of(entries[name])
        value = self.of(node.value)
        try:
            return value[name]
        except (TypeError, KeyError, IndexError):
            return Unknown

    def called(self, node: ast.Call) -> Any:  # noqa: ANN401 - a value of any kind
        """The few calls whose result is in their arguments."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=[only], keywords=[]) if name in _COPIES:
                value = self.of(only)
                return list(value) if isinstance(value, list | tuple) else Unknown
            case ast.Call(func=ast.Attribute(value=of, attr=name), args=[]) if name in _OF_TEXTS:
                text = self.of(of)
                return getattr(text, name)() if isinstance(text, str) else Unknown
            case ast.Call(func=ast.Name(id="dict"), args=[]):
                return self.dictionary(_as_literal(node))
            case _:
                return Unknown

    def entries(self, node: ast.expr) -> dict[str, ast.expr] | None:
        """The entries of a dictionary that is written down, values not yet looked at."""
        if isinstance(node, ast.Name):
            return self._merged(self.bound.get(node.id, []))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dict" and not node.args:
            node = _as_literal(node)
        if not isinstance(node, ast.Dict) or self.depth > _MOST_DEEP:
            return None
        found: dict[str, ast.expr] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            part = self._merged([value]) if key is None else {self.of(key): value}
            if part is None or not all(isinstance(name, str) for name in part):
                return None
            found |= part
        return found

    def _merged(self, parts: list[ast.expr]) -> dict[str, ast.expr] | None:
        self.depth += 1
        try:
            known = [self.entries(part) for part in parts] if self.depth < _MOST_DEEP else []
        finally:
            self.depth -= 1
        if not known or None in known:
            return None
        return {name: value for part in known if part for name, value in part.items()}

    def texts_behind(self, node: ast.expr) -> list[str]:
        """Every text that an expression uses, through names and the functions it calls."""
        found: list[str] = []
        seen: set[str] = set()
        pending: list[ast.AST] = [node]
        while pending:
            for inner in ast.walk(pending.pop()):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    found.append(inner.value)
                elif isinstance(inner, ast.Name) and inner.id not in seen:
                    seen.add(inner.id)
                    pending += self.bound.get(inner.id, [])
                    if inner.id in self.functions:
                        pending.append(self.functions[inner.id])
        return found


_READERS: Mapping[type[ast.expr], Callable[[Values, Any], Any]] = {
    ast.Constant: lambda _, node: node.value,
    ast.Name: Values.named,
    ast.List: Values.listed,
    ast.Tuple: Values.listed,
    ast.Set: Values.listed,
    ast.Dict: Values.dictionary,
    ast.BinOp: Values.added,
    ast.JoinedStr: Values.joined,
    ast.Subscript: Values.entry,
    ast.Call: Values.called,
}


def _as_literal(call: ast.Call) -> ast.Dict:
    """`dict(a=1, **b)` as a literal."""
    keys: list[ast.expr | None] = [
        ast.Constant(one.arg) if one.arg else None for one in call.keywords
    ]
    return ast.Dict(keys, [one.value for one in call.keywords], lineno=call.lineno)
