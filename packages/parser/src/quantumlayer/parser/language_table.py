"""The table of languages. To add one: a row here, a query file, a sample under `tests/`.

A row without `query` has syntax diagnostics only; what a query tells is seen from its captures
(`structure.captures` lists them). `docs/languages.md` is made from here.
"""

from quantumlayer.parser.language import Language, ParameterStyle
from quantumlayer.parser.model import SyntaxTier

_LAST, _WORDS = ParameterStyle.NAME_LAST, ParameterStyle.WORDS

TABLE = (
    Language(
        "python",
        "python",
        extensions=(".py", ".pyi", ".pyw"),
        interpreters=("python",),
        native=SyntaxTier.PYTHON,
        query="python",
    ),
    Language(
        "javascript",
        "javascript",
        extensions=(".js", ".mjs", ".cjs", ".jsx"),
        interpreters=("node", "nodejs", "bun"),
        native=SyntaxTier.NODE,
        query="javascript",
    ),
    Language(
        "typescript",
        "typescript",
        extensions=(".ts", ".mts", ".cts"),
        interpreters=("deno", "ts-node", "tsx"),
        query="typescript",
    ),
    Language("tsx", "tsx", extensions=(".tsx",), query="tsx"),
    Language("java", "java", extensions=(".java",), query="java", parameters=_LAST),
    Language("go", "go", extensions=(".go",), query="go"),
    Language("rust", "rust", extensions=(".rs",), query="rust"),
    Language("c", "c", extensions=(".c", ".h"), query="c", parameters=_LAST, preprocessed=True),
    Language(
        "cpp",
        "cpp",
        extensions=(".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx", ".ipp", ".inl", ".c++", ".h++"),
        query="cpp",
        preprocessed=True,
        parameters=_LAST,
    ),
    Language(
        "csharp",
        "csharp",
        extensions=(".cs", ".csx"),
        query="csharp",
        parameters=_LAST,
        preprocessed=True,
    ),
    Language(
        "php",
        "php",
        extensions=(".php", ".phtml", ".php5", ".php7", ".php8"),
        interpreters=("php",),
        query="php",
        parameters=_LAST,
    ),
    Language(
        "ruby",
        "ruby",
        extensions=(".rb", ".rake", ".gemspec", ".ru"),
        filenames=("gemfile", "rakefile", "vagrantfile", "podfile", "fastfile", "brewfile"),
        interpreters=("ruby",),
        query="ruby",
    ),
    Language("kotlin", "kotlin", extensions=(".kt", ".kts"), query="kotlin"),
    Language("swift", "swift", extensions=(".swift",), interpreters=("swift",), query="swift"),
    Language(
        "scala",
        "scala",
        extensions=(".scala", ".sc", ".sbt"),
        interpreters=("scala",),
        query="scala",
    ),
    Language(
        "lua",
        "lua",
        extensions=(".lua", ".rockspec"),
        interpreters=("lua", "luajit"),
        query="lua",
    ),
    Language("perl", "perl", extensions=(".pl", ".pm", ".t"), interpreters=("perl",), query="perl"),
    Language(
        "r",
        "r",
        extensions=(".r",),
        filenames=(".rprofile",),
        interpreters=("rscript",),
        query="r",
    ),
    Language("julia", "julia", extensions=(".jl",), interpreters=("julia",), query="julia"),
    Language("dart", "dart", extensions=(".dart",), query="dart", parameters=_LAST),
    Language(
        "elixir",
        "elixir",
        extensions=(".ex", ".exs"),
        interpreters=("elixir",),
        query="elixir",
    ),
    Language(
        "haskell",
        "haskell",
        extensions=(".hs",),
        interpreters=("runhaskell", "runghc", "stack"),
        query="haskell",
        parameters=_WORDS,
    ),
    Language(
        "ocaml",
        "ocaml",
        extensions=(".ml",),
        interpreters=("ocaml",),
        query="ocaml",
        parameters=_WORDS,
    ),
    Language(
        "bash",
        "bash",
        extensions=(".sh", ".bash", ".zsh", ".ksh", ".bats"),
        filenames=(".bashrc", ".bash_profile", ".profile", ".zshrc"),
        interpreters=("bash", "sh", "dash", "zsh", "ksh", "ash"),
        query="bash",
    ),
    Language("zig", "zig", extensions=(".zig",), query="zig"),
    Language(
        "objc", "objc", extensions=(".m", ".mm"), query="objc", parameters=_LAST, preprocessed=True
    ),
    Language(
        "powershell",
        "powershell",
        extensions=(".ps1", ".psm1", ".psd1"),
        interpreters=("pwsh", "powershell"),
        query="powershell",
        parameters=_LAST,
    ),
    Language("solidity", "solidity", extensions=(".sol",), query="solidity", parameters=_LAST),
    Language(
        "erlang",
        "erlang",
        extensions=(".erl", ".hrl"),
        interpreters=("escript",),
        query="erlang",
    ),
    Language("clojure", "clojure", extensions=(".clj", ".cljs", ".cljc", ".edn")),
    Language("fsharp", "fsharp", extensions=(".fs", ".fsx")),
    Language("json", "json", extensions=(".json", ".webmanifest"), native=SyntaxTier.JSON),
    Language("yaml", "yaml", extensions=(".yaml", ".yml"), native=SyntaxTier.YAML, query="yaml"),
    Language(
        "toml",
        "toml",
        extensions=(".toml",),
        filenames=("cargo.lock", "poetry.lock", "uv.lock", "pipfile"),
        native=SyntaxTier.TOML,
        query="toml",
    ),
    Language("html", "html", extensions=(".html", ".htm", ".xhtml"), query="html"),
    Language("xml", "xml", extensions=(".xml", ".svg", ".xsd", ".xsl", ".csproj", ".plist")),
    Language("css", "css", extensions=(".css",), query="css"),
    Language(
        "scss", "scss", extensions=(".scss",), query="scss", parameters=ParameterStyle.NAME_FIRST
    ),
    Language("vue", "vue", extensions=(".vue",)),
    Language("svelte", "svelte", extensions=(".svelte",)),
    Language("sql", "sql", extensions=(".sql", ".ddl"), native=SyntaxTier.SQLITE, query="sql"),
    Language("graphql", "graphql", extensions=(".graphql", ".gql", ".graphqls"), query="graphql"),
    Language("proto", "proto", extensions=(".proto",), query="proto"),
    Language("terraform", "terraform", extensions=(".tf", ".tfvars"), query="hcl"),
    Language("hcl", "hcl", extensions=(".hcl", ".nomad"), query="hcl"),
    Language("nix", "nix", extensions=(".nix",)),
    Language(
        "dockerfile",
        "dockerfile",
        extensions=(".dockerfile",),
        filenames=("dockerfile", "containerfile"),
        query="dockerfile",
    ),
    Language(
        "make",
        "make",
        extensions=(".mk", ".mak"),
        filenames=("makefile", "gnumakefile"),
        interpreters=("make",),
        query="make",
    ),
    Language(
        "cmake", "cmake", extensions=(".cmake",), filenames=("cmakelists.txt",), query="cmake"
    ),
    Language(
        "markdown",
        "markdown",
        extensions=(".md", ".markdown"),
        any_text=True,
        query="markdown",
    ),
)
"""Every language, the most used first."""
