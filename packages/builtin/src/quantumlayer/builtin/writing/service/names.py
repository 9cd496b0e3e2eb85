"""Names of a service in Python that mean nothing else there."""

import keyword
import sys

from pydantic import BaseModel

from quantumlayer.builtin.writing.naming import names_in, unshadowed

MODULES = names_in(
    "application clock database health limits listing logs migrations problems reports rules"
    " settings storage values"
)
NAMES_IN_USE = names_in(
    "APIRouter Annotated Any Body Boolean Check Closed Connection Database DatabaseDependency"
    " Decimal Email Field FieldError Identifier InUse Integer IsoDate IsoTime ListQuery Literal"
    " Mapping Money NotFound Number Page Phone Problem Query QueryInteger Records Response Rule"
    " RuleBroken Storage Stored Tags TestClient UnknownReference Url UtcDatetime"
)
VARIABLES = names_in(
    "after before body changes client connection count database factories first highest json keep"
    " kept limit now number other page pytest query record repository response router row rules"
    " schema second sqlite3 status today total"
)
_RESERVED_PACKAGES = names_in("fastapi pydantic pytest starlette tests uvicorn")


def package_name(name: str) -> str:
    """The Python package of a project named `name`, never one that shadows another module."""
    snaked = name.replace("-", "_").strip("_")
    in_use = snaked in sys.stdlib_module_names or snaked in _RESERVED_PACKAGES
    return f"{snaked}_service" if in_use else unshadowed(snaked, frozenset(), "_service")


def attribute_name(key: str) -> str:
    """The attribute that holds the JSON member `key`: no keyword, no attribute of a model."""
    shadows = hasattr(BaseModel, key) or key.startswith(("model_validate", "model_dump"))
    return f"{key}_" if shadows else unshadowed_attribute(key)


def unshadowed_attribute(key: str) -> str:
    """`key`, or `key_` where it is a keyword: builtins are fine as attributes."""
    return f"{key}_" if keyword.iskeyword(key) else key
