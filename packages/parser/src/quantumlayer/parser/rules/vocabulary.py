"""What the node types of a language mean to the rules: data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from quantumlayer.parser.rules.model import Sink

_NAMES = frozenset
_BYTES = frozenset


@dataclass(frozen=True)
class Vocabulary:
    """Node types and names of one language.

    `bindings` is a query with @name, @value and one of @assign, @augment, @loop. `passes` are
    globs of functions whose result carries what they are given; `formats` those that put values
    into a text; `cleans` those after which a value is harmless for a sink. `sources` is a pattern
    of expressions that come from a request; a file without any of `request_words` has none.
    """

    functions: frozenset[str]
    blocks: frozenset[str]
    strings: frozenset[str]
    calls: Mapping[str, tuple[str, str]]
    bindings: str
    sources: re.Pattern[str]
    interpolations: frozenset[str] = _NAMES()
    literals: frozenset[str] = _NAMES()
    collections: frozenset[str] = _NAMES()
    transparent: frozenset[str] = _NAMES()
    names: frozenset[str] = _NAMES({"identifier"})
    members: frozenset[str] = _NAMES()
    passes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    keeps_receiver: frozenset[str] = _NAMES()
    cleans: Mapping[Sink, tuple[str, ...]] = field(default_factory=dict)
    harmless_types: re.Pattern[str] | None = None
    request_words: frozenset[bytes] = _BYTES()


_GUARD = (
    r"(?<!for )(?<![\w.]){name}(?:\.\w+\(\))?\s+(?:not\s+)?in\s+"
    r"|(?:has|includes|contains|containsKey|indexOf|fullmatch|match|test|Contains|MatchString)"
    r"\(\s*(?:[^()\n]*,\s*)?{name}\s*[,)]"
    r"|(?<![\w.]){name}\.(?:is_relative_to|startswith|startsWith|isalnum|isidentifier|isdigit"
    r"|isdecimal|relative_to|matches)\b"
    r"|isinstance\(\s*{name}\b|\.HasPrefix\(\s*{name}\b|\[\s*{name}\s*\];\s*!?ok\b"
)


def guard(name: str) -> re.Pattern[str]:
    """Finds a check of `name` against what is allowed."""
    return re.compile(_GUARD.replace("{name}", re.escape(name)))


_PYTHON = Vocabulary(
    request_words=frozenset([b'request', b'req', b'route', b'router', b'app', b'get_argument', b'st', b'routes', b'bp', b'blueprint']),
    functions=frozenset({"function_definition", "lambda"}),
    blocks=frozenset({"block", "module", "case_clause"}),
    strings=frozenset({"string"}),
    interpolations=frozenset({"interpolation"}),
    literals=frozenset({"integer", "float", "true", "false", "none", "ellipsis"}),
    collections=frozenset(
        {"list", "tuple", "set", "dictionary", "pair", "concatenated_string", "expression_list"}
    ),
    transparent=frozenset({"parenthesized_expression", "await", "named_expression"}),
    members=frozenset({"attribute", "subscript"}),
    calls={"call": ("function", "arguments")},
    bindings="""
        (assignment left: (_) @name right: (_) @value) @assign
        (augmented_assignment left: (_) @name right: (_) @value) @augment
        (named_expression name: (_) @name value: (_) @value) @assign
        (for_statement left: (_) @name right: (_) @value) @loop
        (for_in_clause left: (_) @name right: (_) @value) @loop
        (as_pattern (_) @value alias: (as_pattern_target (_) @name)) @assign
    """,
    sources=re.compile(
        r"^(?:self\.|flask\.|info\.context\.)?(?:request|req)\."
        r"(?:args|form|values|json|data|files|cookies|headers|GET|POST|COOKIES|META|FILES|body"
        r"|query_params|path_params|get_json|get_data|query_string|url|query|params|match_info"
        r"|rel_url|stream|post|text|read)\b"
        r"|^self\.(?:get_argument|get_query_argument|get_body_argument)\b"
        r"|^st\.(?:text_input|text_area|chat_input)\b"
    ),
    passes=(
        *("str", "bytes", "os.path.*", "os.fspath", "pathlib.Path", "pathlib.PurePath", "Path"),
        *("text", "sqlalchemy.text", "sqlalchemy.sql.text", "urllib.parse.unquote", "*.joinpath"),
        *("urllib.parse.urljoin", "list", "tuple", "sorted", "reversed", "next", "iter", "dict"),
        *("cast", "typing.cast", "base64.*", "textwrap.dedent", "sqlalchemy.literal_column"),
        *("django.db.models.expressions.RawSQL", "repr", "ascii", "copy.*", "io.*"),
        *("markupsafe.Markup", "flask.Markup"),
    ),
    formats=("*.format", "*.format_map", "*.join", "*.joinpath", "string.Template"),
    keeps_receiver=frozenset(
        {
            *("strip", "lstrip", "rstrip", "lower", "upper", "title", "replace", "encode"),
            *("decode", "expanduser", "resolve", "absolute", "as_posix", "get", "pop", "getlist"),
            *("split", "splitlines", "rsplit", "casefold", "capitalize", "removeprefix", "with_suffix"),
            *("removesuffix", "format", "format_map", "substitute", "safe_substitute", "items"),
            *("values", "get_json", "json", "read", "getvalue", "query", "to_dict", "first", "parent"),
        }
    ),
    cleans={
        Sink.ANY: (
            *("int", "float", "len", "bool", "hash", "ord", "round", "abs", "sum", "uuid.UUID"),
            *("UUID", "Decimal", "decimal.Decimal", "hex", "id", "time.time", "datetime.*"),
            *("*.isoformat", "*.strftime", "min", "max", "range", "secrets.*", "uuid.uuid4"),
            *("*.hexdigest", "escape_identifier", "*.quote_identifier", "*.quote_name", "type"),
            *("*.Identifier", "Identifier", "enumerate"),
        ),
        Sink.SHELL: ("shlex.quote", "shlex.join", "pipes.quote", "quote"),
        Sink.HTML: (
            *("html.escape", "markupsafe.escape", "escape", "flask.escape", "bleach.clean"),
            *("nh3.clean", "conditional_escape", "urllib.parse.quote", "json.dumps"),
            *("django.utils.html.*", "urllib.parse.quote_plus", "urllib.parse.urlencode"),
        ),
        Sink.PATH: (
            *("os.path.basename", "*.secure_filename", "secure_filename", "safe_join"),
            *("*.safe_join", "werkzeug.utils.*", "slugify", "*.slugify"),
        ),
        Sink.ADDRESS: (
            *("url_for", "flask.url_for", "*.url_for", "reverse", "django.urls.reverse", "quote"),
            *("urllib.parse.quote", "urllib.parse.quote_plus", "urllib.parse.urlencode"),
            "*.url_path_for",
        ),
        Sink.CODE: ("re.escape", "regex.escape", "ast.literal_eval"),
    },
    harmless_types=re.compile(
        r"\b(?:int|float|bool|UUID|uuid|date|datetime|Decimal|Literal|Enum|Depends|Request|Response"
        r"|Session|\w*Service|\w*Repository|BackgroundTasks|PositiveInt|conint)\b"
    ),
)

_JAVASCRIPT_SOURCES = re.compile(
    r"^(?:this\.)?(?:req|request|ctx|context|c|event|ctx\.request|context\.req|request\.nextUrl)"
    r"\??\.(?:query|params|body|headers|cookies|rawBody|header|get|param|originalUrl|url"
    r"|queryStringParameters|pathParameters|files|file|request\.(?:query|body|headers)|searchParams"
    r"|nextUrl\.searchParams|req\.(?:query|param|header|json))\b"
    r"|^(?:window\.|document\.|self\.)?location\.(?:search|hash|href|pathname)\b"
    r"|^document\.(?:URL|referrer|cookie|documentURI)\b|^window\.name\b"
    r"|^(?:\w*[sS]earchParams|urlParams|params|query)\.get\("
    r"|^useSearchParams\(\)|^new URLSearchParams\((?:window\.)?location"
)

_JAVASCRIPT = Vocabulary(
    request_words=frozenset([b'req', b'request', b'ctx', b'context', b'location', b'document', b'event', b'searchParams', b'URLSearchParams', b'useSearchParams', b'c', b'params', b'query', b'window']),
    functions=frozenset(
        {
            *("function_declaration", "function_expression", "arrow_function"),
            *("method_definition", "generator_function", "generator_function_declaration"),
        }
    ),
    blocks=frozenset({"statement_block", "program", "switch_case"}),
    strings=frozenset({"string", "template_string"}),
    interpolations=frozenset({"template_substitution"}),
    literals=frozenset({"number", "true", "false", "null", "undefined", "regex"}),
    collections=frozenset({"array", "object", "pair"}),
    transparent=frozenset(
        {
            *("parenthesized_expression", "await_expression", "as_expression"),
            *("non_null_expression", "satisfies_expression", "type_assertion"),
        }
    ),
    names=frozenset({"identifier", "shorthand_property_identifier"}),
    members=frozenset({"member_expression", "subscript_expression"}),
    calls={
        "call_expression": ("function", "arguments"),
        "new_expression": ("constructor", "arguments"),
    },
    bindings="""
        (variable_declarator name: (_) @name value: (_) @value) @assign
        (assignment_expression left: (_) @name right: (_) @value) @assign
        (augmented_assignment_expression left: (_) @name right: (_) @value) @augment
        (for_in_statement left: (_) @name right: (_) @value) @loop
    """,
    sources=_JAVASCRIPT_SOURCES,
    passes=(
        *("path.join", "path.resolve", "path.normalize", "decodeURIComponent", "decodeURI", "atob"),
        *("unescape", "Object.assign", "URL", "URLSearchParams", "Array.from", "qs.parse"),
        *("String", "JSON.parse", "JSON.stringify", "Buffer.from", "querystring.parse", "url.parse"),
        *("sql.raw", "Prisma.raw", "util.format", "format", "Object.values", "url.resolve"),
    ),
    formats=("*.concat", "*.join", "util.format", "path.join", "path.resolve"),
    keeps_receiver=frozenset(
        {
            *("trim", "toLowerCase", "toUpperCase", "toString", "slice", "substring", "substr"),
            *("concat", "replace", "replaceAll", "split", "get", "pop", "shift", "at", "padStart"),
            *("padEnd", "trimEnd", "trimStart", "json", "text", "normalize", "header", "param"),
        }
    ),
    cleans={
        Sink.ANY: (
            *("Number", "parseInt", "parseFloat", "Boolean", "Number.*", "Math.*", "BigInt"),
            *("Date.now", "randomUUID", "*.randomUUID", "*.toISOString", "*.toFixed", "*.digest"),
            *("*.escapeId", "*.escapeIdentifier", "*.indexOf", "*.includes", "Boolean"),
        ),
        Sink.SQL: ("*.escape", "escape", "*.escapeLiteral", "pgFormat", "format"),
        Sink.SHELL: ("*.quote", "quote", "shellescape", "escapeShellArg"),
        Sink.HTML: (
            *("encodeURIComponent", "escape", "escapeHtml", "*.escape", "*.sanitize", "sanitizeHtml"),
            *("sanitize", "DOMPurify.*", "dompurify.*", "he.*", "escapeHTML", "xss", "*.encode"),
            *("validator.*", "lodash.escape", "_.escape", "escape-html", "html-entities.*"),
            *("encode", "sanitize-html", "*.escapeHtml", "t", "i18n.*", "*.renderToString"),
        ),
        Sink.PATH: ("path.basename", "sanitize", "sanitize-filename", "sanitizeFilename"),
        Sink.ADDRESS: ("encodeURIComponent", "encodeURI", "*.encode"),
        Sink.CODE: (
            *("escapeRegExp", "*.escapeRegExp", "lodash.escapeRegExp", "RegExp.escape"),
            *("escapeStringRegexp", "escape-string-regexp", "escapeRegex"),
        ),
    },
)

_GO = Vocabulary(
    request_words=frozenset([b'FormValue', b'URL', b'PostFormValue', b'Query', b'Param', b'Vars', b'URLParam', b'Header', b'Body', b'PathValue', b'Form', b'QueryParam', b'Cookie', b'RequestURI', b'PostForm', b'DefaultQuery', b'Params']),
    functions=frozenset({"function_declaration", "method_declaration", "func_literal"}),
    blocks=frozenset({"block", "source_file", "expression_case", "statement_list"}),
    strings=frozenset({"interpreted_string_literal", "raw_string_literal"}),
    literals=frozenset({"int_literal", "float_literal", "true", "false", "nil", "rune_literal"}),
    collections=frozenset(
        {"expression_list", "literal_value", "keyed_element", "literal_element"}
    ),
    transparent=frozenset({"parenthesized_expression", "unary_expression", "type_conversion_expression"}),
    members=frozenset({"selector_expression", "index_expression"}),
    calls={"call_expression": ("function", "arguments")},
    bindings="""
        (short_var_declaration left: (_) @name right: (_) @value) @assign
        (assignment_statement left: (_) @name operator: "=" right: (_) @value) @assign
        (assignment_statement left: (_) @name operator: "+=" right: (_) @value) @augment
        (var_spec name: (_) @name value: (_) @value) @assign
        (const_spec name: (_) @name value: (_) @value) @assign
        (range_clause left: (_) @name right: (_) @value) @loop
    """,
    sources=re.compile(
        r"^(?:r|req|request|c\.Request|ctx\.Request)\."
        r"(?:URL\.(?:Query|Path|RawQuery)|FormValue|PostFormValue|Form|PostForm|Header|Body|PathValue"
        r"|Cookie|RequestURI)\b"
        r"|^(?:c|ctx)\.(?:Query|Param|PostForm|DefaultQuery|QueryParam|FormValue|Params|GetHeader"
        r"|Cookie|Get|DefaultPostForm)\("
        r"|^mux\.Vars\(|^chi\.URLParam\("
    ),
    passes=(
        *("fmt.Sprint", "fmt.Sprintln", "path/filepath.*", "path.*", "strings.*", "string", "[]byte"),
        "net/url.QueryUnescape",
    ),
    formats=("fmt.Sprintf", "fmt.Sprint", "strings.Join", "path/filepath.Join", "path.Join"),
    keeps_receiver=frozenset({"Get", "String", "Query", "Text"}),
    cleans={
        Sink.ANY: (
            *("strconv.Atoi", "strconv.ParseInt", "strconv.Itoa", "strconv.FormatInt", "len", "int"),
            *("int64", "uint", "uuid.Parse", "strconv.ParseBool", "strconv.Quote", "*.QuoteIdentifier"),
            *("*.Sanitize", "strings.Repeat", "pq.QuoteIdentifier", "github.com/lib/pq.Quote*"),
        ),
        Sink.PATH: ("path/filepath.Base", "path.Base", "path/filepath.IsLocal"),
        Sink.HTML: ("html.EscapeString", "html/template.HTMLEscapeString", "net/url.*Escape"),
        Sink.ADDRESS: ("net/url.QueryEscape", "net/url.PathEscape"),
    },
)

_JAVA = Vocabulary(
    request_words=frozenset([b'getParameter', b'getHeader', b'getQueryString', b'getCookies', b'getPathInfo', b'getPart', b'RequestParam', b'PathVariable', b'RequestHeader', b'RequestBody', b'CookieValue', b'QueryParam', b'PathParam', b'getInputStream', b'getReader', b'getRequestURI', b'getParameterValues']),
    functions=frozenset({"method_declaration", "constructor_declaration", "lambda_expression"}),
    blocks=frozenset({"block", "program", "class_body", "constructor_body", "switch_block"}),
    strings=frozenset({"string_literal"}),
    interpolations=frozenset({"string_interpolation"}),
    literals=frozenset(
        {
            *("decimal_integer_literal", "hex_integer_literal", "true", "false", "null_literal"),
            *("character_literal", "decimal_floating_point_literal", "class_literal"),
            "octal_integer_literal",
        }
    ),
    collections=frozenset({"array_initializer"}),
    transparent=frozenset({"parenthesized_expression", "cast_expression"}),
    members=frozenset({"field_access", "array_access"}),
    calls={
        "method_invocation": ("name", "arguments"),
        "object_creation_expression": ("type", "arguments"),
    },
    bindings="""
        (variable_declarator name: (_) @name value: (_) @value) @assign
        (assignment_expression left: (_) @name operator: "=" right: (_) @value) @assign
        (assignment_expression left: (_) @name operator: "+=" right: (_) @value) @augment
        (enhanced_for_statement name: (_) @name value: (_) @value) @loop
    """,
    sources=re.compile(
        r"^(?:req|request|httpRequest|servletRequest|exchange)\."
        r"(?:getParameter|getHeader|getQueryString|getCookies|getPathInfo|getParameterValues|getParts?"
        r"|getInputStream|getReader|getRequestURI|getParameterMap)\b"
    ),
    passes=("Paths.get", "Path.of", "File", "URL", "URI", "URI.create", "String.valueOf", "String"),
    formats=("String.format", "String.join", "*.formatted", "*.concat", "MessageFormat.format"),
    keeps_receiver=frozenset(
        {
            *("trim", "toString", "toLowerCase", "toUpperCase", "concat", "replace", "substring"),
            *("append", "toPath", "resolve", "toFile", "normalize", "strip", "getBytes", "formatted"),
            *("openConnection", "toURL"),
        }
    ),
    cleans={
        Sink.ANY: (
            *("Integer.*", "Long.*", "UUID.*", "Boolean.*", "*.size", "*.length", "*.hashCode"),
            "Double.*",
        ),
        Sink.PATH: ("*.getFileName", "FilenameUtils.getName", "*.getName"),
        Sink.HTML: ("HtmlUtils.htmlEscape", "StringEscapeUtils.*", "Encode.*", "ESAPI.*"),
        Sink.ADDRESS: ("URLEncoder.encode",),
    },
    harmless_types=re.compile(r"\b(?:int|long|Integer|Long|UUID|boolean|Boolean|LocalDate|Double)\b"),
)

_BARE = Vocabulary(
    functions=frozenset(),
    blocks=frozenset(),
    strings=frozenset(),
    calls={},
    bindings="",
    sources=re.compile(r"(?!)"),
)

_BY_LANGUAGE = {
    "python": _PYTHON,
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "tsx": _JAVASCRIPT,
    "go": _GO,
    "java": _JAVA,
}


def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language; an empty one where nothing is known of it."""
    return _BY_LANGUAGE.get(language, _BARE)
