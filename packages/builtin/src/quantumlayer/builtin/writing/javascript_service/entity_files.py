"""The files of entities: what they are, their rules, their routes."""

from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.piece import Piece, piece, unique_names
from quantumlayer.builtin.writing.javascript_service.rule_code import followers_of, rule_module
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of
from quantumlayer.builtin.writing.service.tracing import (
    crud_requirements,
    entity_requirements,
    rule_requirements,
)
from quantumlayer.qlayer import FileRole


def entity_files(view: ServiceView) -> tuple[Piece, ...]:
    """Schemas, rules, tables, collections and routes."""
    names = names_of(view)
    schemas = [
        piece(
            FileRole.SOURCE,
            f"src/{names[entity.name].folder}/schema.js",
            f"What {entity.one} looks like on the wire, with every constraint.",
            interface=f"{names[entity.name].fields}, {names[entity.name].resource}",
            leans_on=("src/fields.js", "src/moments.js"),
            requirements=entity_requirements(view, entity),
        ).of(entity, "src/entity/schema.js.jinja")
        for entity in view.entities
    ]
    rules = [_rules(view, entity) for entity in view.entities if rule_module(view, entity).text]
    tables = piece(
        FileRole.SOURCE,
        "src/store/tables.js",
        "The tables of this service, and how their records hang together.",
        interface="createTables(): Tables",
        leans_on=(
            "src/store/table.js",
            *(piece.file.path for piece in (*schemas, *rules)),
        ),
        requirements=unique_names(
            [name for entity in view.entities for name in entity_requirements(view, entity)]
        ),
    )
    collections = (
        piece(
            FileRole.SOURCE,
            "src/collection.js",
            "What can be done with records; every change keeps the rules.",
            interface="class Collection: all, get, create, replace, change, remove",
            leans_on=("src/bodies.js", "src/store/store.js", "src/store/tables.js"),
            requirements=crud_requirements(view),
        ),
        piece(
            FileRole.SOURCE,
            "src/http/collection.js",
            "The six routes of every collection.",
            interface="collectionRoutes(collection): Route[]",
            leans_on=("src/collection.js", "src/http/query.js", "src/http/router.js"),
            requirements=crud_requirements(view),
        ),
    )
    return (*schemas, *rules, tables, *collections, *(_routes(view, e) for e in view.entities))


def _rules(view: ServiceView, entity: EntityView) -> Piece:
    module = rule_module(view, entity)
    names = names_of(view)
    unique = [entity.requirement_of(field) for field in entity.fields if field.field.unique]
    wanted = [*rule_requirements(view, entity), *(name for name in unique if name)]
    decimals = ("src/decimals.js",) if "toUnits(" in module.text else ()
    schema = f"src/{names[entity.name].folder}/schema.js"
    return piece(
        FileRole.SOURCE,
        f"src/rules/{names[entity.name].folder}.js",
        f"The rules about {entity.many}, kept inside the transaction of each change.",
        interface="…Checks: what is asked on each occasion; unique…",
        leans_on=(schema, "src/errors.js", "src/moments.js", *decimals),
        requirements=unique_names(wanted),
    ).of(entity, "src/rules/rules.js.jinja")


def _routes(view: ServiceView, entity: EntityView) -> Piece:
    names = names_of(view)
    own = checks_of(view, entity).checks
    ruling = [*([entity] if own else []), *(other for other, _ in followers_of(view, entity))]
    ruled = dict.fromkeys(f"src/rules/{names[other.name].folder}.js" for other in ruling)
    folder = f"src/{names[entity.name].folder}"
    return piece(
        FileRole.SOURCE,
        f"{folder}/routes.js",
        f"{entity.many.capitalize()} over HTTP.",
        interface=f"GET, POST {entity.path}; GET, PUT, PATCH, DELETE {entity.path}/{{id}}",
        leans_on=(f"{folder}/schema.js", "src/http/collection.js", *ruled),
        requirements=unique_names([*entity_requirements(view, entity), *crud_requirements(view)]),
    ).of(entity, "src/entity/routes.js.jinja")
