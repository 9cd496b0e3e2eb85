"""Modules import what they use, wherever it comes from."""

from quantumlayer.builtin.writing.javascript.imports import with_imports

HEAD = "// @ts-check\n/** Shown. */\n"


def test_names_are_imported_from_node_and_from_the_templates_of_other_modules() -> None:
    source = f"{HEAD}\nconst x = [...order(inspect(1)), fs.read, Store, createTables];\n"
    assert with_imports(source, "src/store/x.js").splitlines() == [
        *HEAD.splitlines(),
        "",
        'import * as fs from "node:fs";',
        'import { inspect } from "node:util";',
        "",
        'import { order } from "../http/query.js";',
        'import { Store } from "./store.js";',
        'import { createTables } from "./tables.js";',
        "",
        "const x = [...order(inspect(1)), fs.read, Store, createTables];",
    ]


def test_members_texts_and_comments_are_no_names() -> None:
    source = f'{HEAD}\n/** The order. */\nconst x = {{ order: /a/.test("order"), y: x?.order }};\n'
    assert with_imports(source, "src/x.js") == source


def test_records_are_not_taken_for_functions() -> None:
    source = f"{HEAD}\nconst x = (order, test) => order.id === test.id;\n"
    assert with_imports(source, "src/rules/orders.js") == source


def test_what_a_module_exports_itself_is_not_imported() -> None:
    source = f"{HEAD}\nexport const order = 1;\n"
    assert with_imports(source, "src/http/query.js") == source


def test_tests_have_names_of_their_own() -> None:
    source = f"{HEAD}\nawait invalid();\n"
    assert 'import { invalid } from "./problems.js";' in with_imports(source, "src/x.js")
    assert 'import { invalid } from "./support.js";' in with_imports(source, "tests/x.js")
