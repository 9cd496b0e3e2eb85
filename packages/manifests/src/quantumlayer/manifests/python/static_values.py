"""What expressions of a script are worth, as far as that is written down in it."""

import ast
from collections import defaultdict
from typing import Any


class Unknown:
    """Stands for what only running the script would tell."""


_MOST_DEEP = 30


class Values:
    """The names that a script binds at its top, and what expressions made of them are."""

    def __init__(self, tree: ast.Module) -> None:
        """`tree` is only read."""
        self.bound: dict[str, list[ast.expr]] = defaultdict(list)
        self.functions: dict[str, ast.FunctionDef] = {}
        self.uncertain: set[str] = set()
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
                    if isinstance(target, ast.Name):
                        self.bound[target.id].append(value)
                    elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                        self.bound[target.value.id].append(
                            ast.Dict([target.slice], [value], lineno=node.lineno)
                        )
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self.bound[name].append(value)
            case ast.AugAssign(target=ast.Name(id=name)):
                self.uncertain.add(name)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                self.uncertain.add(name)
            case ast.If() | ast.Try() | ast.With():
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Assign | ast.AnnAssign):
                        self._bind(inner)
                        self._doubt(inner, certain=isinstance(node, ast.With))
            case _:
                pass

    def _doubt(self, node: ast.Assign | ast.AnnAssign, *, certain: bool) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if not certain:
            self.uncertain |= {one.id for one in targets if isinstance(one, ast.Name)}

    def of(self, node: ast.expr, depth: int = 0) -> Any:  # noqa: ANN401 - what the script holds
        """The value of an expression; Unknown (the class itself) when it is computed."""
        if depth > _MOST_DEEP:
            return Unknown
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self._named(name, depth)
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return self._listed(elements, depth)
            case ast.Dict():
                entries = self.entries(node, depth)
                if entries is None:
                    return Unknown
                found = {name: self.of(value, depth + 1) for name, value in entries.items()}
                return Unknown if Unknown in found.values() else found
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return _added(self.of(left, depth + 1), self.of(right, depth + 1))
            case ast.JoinedStr(values=parts):
                known = [self.of(part, depth + 1) for part in parts]
                return "".join(map(str, known)) if Unknown not in known else Unknown
            case ast.FormattedValue(value=value):
                return self.of(value, depth + 1)
            case ast.Subscript(value=value, slice=key):
                name, entries = self.of(key, depth + 1), self.entries(value, depth + 1)
                if entries is not None and name in entries:
                    return self.of(entries[name], depth + 1)
                return self._entry(self.of(value, depth + 1), name)
            case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted" | "set"), args=[only]):
                value = self.of(only, depth + 1)
                return list(value) if isinstance(value, list | tuple) else Unknown
            case ast.Call(
                func=ast.Attribute(value=value, attr="strip" | "splitlines" as act), args=[]
            ):
                text = self.of(value, depth + 1)
                return getattr(text, act)() if isinstance(text, str) else Unknown
            case ast.Call(func=ast.Name(id="dict")):
                return self.of(_dictionary(node), depth + 1)
            case _:
                return Unknown

    def _named(self, name: str, depth: int) -> Any:  # noqa: ANN401
        found = self.bound.get(name, [])
        if len(found) != 1 or name in self.uncertain:
            return Unknown
        return self.of(found[0], depth + 1)

    def _listed(self, elements: list[ast.expr], depth: int) -> Any:  # noqa: ANN401
        found: list[Any] = []
        for element in elements:
            starred = isinstance(element, ast.Starred)
            value = self.of(
                element.value if isinstance(element, ast.Starred) else element, depth + 1
            )
            if value is Unknown or (starred and not isinstance(value, list | tuple)):
                return Unknown
            found += value if starred else [value]
        return found

    def _entry(self, value: Any, key: Any) -> Any:  # noqa: ANN401
        try:
            return value[key]
        except (TypeError, KeyError, IndexError):
            return Unknown

    def entries(self, node: ast.expr, depth: int = 0) -> dict[str, ast.expr] | None:
        """The entries of a dictionary that is written down, values not yet looked at."""
        if depth > _MOST_DEEP:
            return None
        if isinstance(node, ast.Name):
            merged: dict[str, ast.expr] = {}
            for bound in self.bound.get(node.id, []):
                part = self.entries(bound, depth + 1)
                if part is None:
                    return None
                merged |= part
            return merged or None
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dict":
            node = _dictionary(node)
        if not isinstance(node, ast.Dict):
            return None
        found: dict[str, ast.expr] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                inner = self.entries(value, depth + 1)
                if inner is None:
                    return None
                found |= inner
                continue
            name = self.of(key, depth + 1)
            if not isinstance(name, str):
                return None
            found[name] = value
        return found

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


def _added(left: Any, right: Any) -> Any:  # noqa: ANN401
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return [*left, *right]
    return left + right if isinstance(left, str) and isinstance(right, str) else Unknown


def _dictionary(call: ast.Call) -> ast.Dict:
    """`dict(a=1, **b)` as a literal."""
    keys = [ast.Constant(one.arg) if one.arg else None for one in call.keywords]
    return ast.Dict(keys, [one.value for one in call.keywords], lineno=call.lineno)
