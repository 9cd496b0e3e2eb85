"""What is not worth changing: it would say nothing about the tests."""

import ast
import re

TALKING = re.compile(r"^(_?log(ger|ging)?|warnings|_LOG(GER)?)$")


def left_out(node: ast.stmt) -> bool:
    """Statements whose change says nothing about the tests."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Global() | ast.Nonlocal() | ast.Assert():
            return True
        case ast.Expr(value=value):
            return isinstance(value, ast.Constant) or is_talk(value)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name.startswith("__") or is_type_alias(node)
        case ast.If(test=test):
            named = test.left if isinstance(test, ast.Compare) else test
            return ast.unparse(named).rpartition(".")[2] in {"TYPE_CHECKING", "__name__"}
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return name == "NotImplementedError"
    return False


def is_bare(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A function without code of its own: a protocol's member, an overload."""
    decorated = {ast.unparse(one).rpartition(".")[2] for one in node.decorator_list}
    if decorated & {"overload", "abstractmethod"}:
        return True
    return all(
        isinstance(one, ast.Pass)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in node.body
    )


def is_talk(function: ast.expr) -> bool:
    """Whether an expression writes a log or a warning."""
    if not isinstance(function, ast.Call):
        return False
    while isinstance(function, ast.Attribute | ast.Call):
        function = function.value if isinstance(function, ast.Attribute) else function.func
    return isinstance(function, ast.Name) and TALKING.match(function.id) is not None


def is_type_alias(node: ast.stmt) -> bool:
    """An assignment that makes nothing but a name for a type."""
    value = getattr(node, "value", None)
    made = isinstance(value, ast.Call) and getattr(value.func, "id", "") in {
        "TypeVar", "ParamSpec", "NewType", "NamedTuple", "TypedDict",
    }  # fmt: skip
    annotation = getattr(node, "annotation", None)
    return made or (annotation is not None and "TypeAlias" in ast.unparse(annotation))
