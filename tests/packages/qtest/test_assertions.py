"""Sources of tests that could fail are told from those that could not."""

import pytest

from quantumlayer.qtest.assertions import python_asserts, script_asserts


@pytest.mark.parametrize(
    "source",
    [
        "def test_it(): assert area(2) == 4",
        "def test_it():\n    with pytest.raises(ValueError):\n        area(-1)",
        "class T(unittest.TestCase):\n    def test_it(self): self.assertEqual(area(2), 4)",
        "def test_it(): check_area(2, 4)",
        "def test_it(mocker): spy.assert_called_once()",
        "def test_it():\n    if area(2) != 4: raise RuntimeError",
        "def test_it(): pytest.fail()",
        "def test_it(snapshot): snapshot.matches(area(2))",
        "def area(x):\n    '''\n    >>> area(2)\n    4\n    '''",
        "def test_it(: not well formed",
    ],
)
def test_python_that_can_fail(source: str) -> None:
    assert python_asserts(source)


@pytest.mark.parametrize(
    "source",
    [
        "def test_it(): pass",
        "def test_it(): area(2)",
        "def test_it(): print('assert area(2) == 4')",
        "def test_it(): assert True",
        "def test_it(): assert 1 + 1 == 2",
        "class T(unittest.TestCase):\n    def test_it(self): self.assertTrue(True)",
        "def test_it():\n    # assert area(2) == 4\n    result = area(2)",
    ],
)
def test_python_that_cannot(source: str) -> None:
    assert not python_asserts(source)


@pytest.mark.parametrize(
    "source",
    [
        "test('a', () => { assert.equal(area(2), 4); });",
        "test('a', () => { assert(area(2) === 4); });",
        "it('a', () => { expect(area(2)).toBe(4); });",
        "it('a', () => area(2).should.equal(4));",
        "test('a', async () => { await request(app).get('/').expect(200); });",
        "test('a', () => { if (area(2) !== 4) { throw new Error('x'); } });",
        "test('a', (t) => { t.is(area(2), 4); });",
        "test('a', () => { checkArea(2, 4); });",
    ],
)
def test_scripts_that_can_fail(source: str) -> None:
    assert script_asserts(f"import assert from 'node:assert';\n{source}")
    assert script_asserts(f"const {{ area }} = require('./area'); {source}")


@pytest.mark.parametrize(
    "source",
    [
        "test('a', () => {});",
        "test('a', () => { area(2); });",
        "test('a', () => { assert(true); assert.equal(1, 1); });",
        "it('a', () => { expect(true).toBe(true); });",
        "test('a', () => { console.assert(area(2) === 4); });",
        "test('a', () => { // assert.equal(area(2), 4)\n  area(2);\n});",
    ],
)
def test_scripts_that_cannot(source: str) -> None:
    assert not script_asserts(f"const assert = require('node:assert');\n{source}")
