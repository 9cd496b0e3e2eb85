"""JavaScript as people write it: JSX, decorators, every kind of module, and what is wrong in it."""

import shutil

import pytest

from quantumlayer.parser import FileAnalysis, Parser, SourceText, SyntaxTier

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")

COMPONENT = """import React, { useState } from 'react';

export const List = ({ items, ...rest }) => {
  const [open, toggle] = useState(false);
  return (
    <>
      {/* only a comment */}
      <Menu.Item {...rest} onClick={async () => { await toggle(!open); }} title="a {b}">
        Some text &amp; more: it's {open ? <b key="x">{items.length}</b> : null}
        {items.map((item) => <li key={item.id} icon=<Icon name='x' />>{item.name ?? 'none'}</li>)}
      </Menu.Item>
      <input disabled />
    </>
  );
};
"""
CLASSES = """@register({ name: 'box' })
export class Box {
  @bound
  render() { return <div>{...this.children}</div>; }
}
"""
SCRIPT = "const view = () => <p>{1 + 2}</p>;\nmodule.exports = { view };\n"


async def analysis(parser: Parser, path: str, content: str) -> FileAnalysis:
    (found,) = await parser.analyze([SourceText(path=path, content=content)])
    return found


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("list.jsx", COMPONENT),
        ("list.js", COMPONENT),
        ("list.mjs", COMPONENT),
        ("box.js", CLASSES),
        ("view.cjs", SCRIPT),
        ("view.js", SCRIPT.replace("\n", "\r\n")),
        ("empty.jsx", "export default () => <></>;\n"),
        ("text.jsx", "const a = <a href='#'>don't {/* } */} panic</a>;\n"),
        ("nested.jsx", "const a = <A b={<C d={<E>{f}</E>} />} />;\n"),
        ("unicode.jsx", "const grüße = <p title='ü'>Grüße {grüße} 🎉</p>;\n"),
    ],
)
async def test_jsx_and_decorators_are_well_formed_wherever_they_stand(
    parser: Parser, path: str, content: str
) -> None:
    found = await analysis(parser, path, content)
    assert found.syntax.errors == ()
    assert found.syntax.tier is SyntaxTier.NODE


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("useState(false)", "useState(false", 4),
        ("{items.length}", "{items. + }", 9),
        ("</Menu.Item>\n", "", None),
        ("const [open", "const const [open", 4),
        ("item.name ?? 'none'", "item.name ?? || 'none'", 10),
        ("async () =>", "() =>", 8),
    ],
)
async def test_what_is_wrong_around_or_inside_of_jsx_is_found_where_it_is(
    parser: Parser, old: str, new: str, line: int | None
) -> None:
    assert old in COMPONENT
    found = await analysis(parser, "list.jsx", COMPONENT.replace(old, new))
    assert found.syntax.errors
    assert line is None or found.syntax.errors[0].line == line


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("bin/tool", "#!/usr/bin/env node\r\nconst a = require('a');\r\n"),
        ("tool.js", "\ufeff#!/usr/bin/env node\nexport const a = 1;\n"),
        ("tool.cjs", "\ufeffmodule.exports = 1;\n"),
        ("wait.mjs", "const data = await import('./data.json', { with: { type: 'json' } });\n"),
        ("data.js", "import data from './data.json' with { type: 'json' };\nexport { data };\n"),
        ("field.js", "class A { static #b = 1; static { A.#b; } has(o) { return #b in o; } }\n"),
    ],
)
async def test_modules_and_scripts_are_read_as_node_reads_them(
    parser: Parser, path: str, content: str
) -> None:
    assert (await analysis(parser, path, content)).syntax.errors == ()


@pytest.mark.parametrize(
    ("manifest", "content", "wrong"),
    [
        ("{}", "import a from 'a';\nexport default a;\n", False),
        ('{"type": "commonjs"}', "import a from 'a';\nexport default a;\n", True),
        ('{"type": "module"}', "with (a) { b(); }\n", True),
        ("{}", "with (a) { b(); }\n", False),
        ("{}", "import a from 'a';\nconst b = ;\n", True),
    ],
)
async def test_a_package_that_says_nothing_leaves_the_goal_to_the_syntax(
    parser: Parser, manifest: str, content: str, wrong: bool
) -> None:
    files = [
        SourceText(path="package.json", content=manifest),
        SourceText(path="a.js", content=content),
    ]
    _, found = await parser.analyze(files)
    assert bool(found.syntax.errors) is wrong
