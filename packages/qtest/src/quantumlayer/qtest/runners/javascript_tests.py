"""How tests look in JavaScript and TypeScript: their paths, and what they import."""

import re

NODE = "node:test"
SOURCE = re.compile(r"(?<!\.d)\.[cm]?[jt]sx?$")
NODE_PATTERNS = re.compile(
    r"(^|/)test/[^/].*\.[cm]?[jt]s$|(^|/)test\.[cm]?[jt]s$|(^|/)test-[^/]+\.[cm]?[jt]s$"
    r"|[-_.]test\.[cm]?[jt]s$"
)
LIKE_A_TEST = re.compile(
    r"(^|/)(tests?|__tests__|specs?)(/|$|\.[cm]?[jt]s$)|(^|/)tests?[-_.][^/]*$"
    r"|[-_.](test|spec)s?(\.[cm]?[jt]sx?)?$"
)
IMPORTS = re.compile(
    r"""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)['"](?P<name>node:test|@jest/globals"""
    r"""|(?:vitest|mocha|tape|tap|ava|uvu|qunit|zora|brittle|tapzero|@japa/runner|bun:test"""
    r"""|@playwright/test|jasmine|lab|@hapi/lab|vows|nodeunit|test)(?:/[\w-]+)?)['"]"""
)
BY_IMPORT = {NODE: NODE, "@jest/globals": "jest", "bun:test": "bun", "@hapi/lab": "lab",
             "@japa/runner": "japa", "@playwright/test": "playwright"}  # fmt: skip
