((call
  target: (identifier) @_keyword
  (arguments . (alias) @name)
  (do_block)) @module
  (#any-of? @_keyword "defmodule" "defprotocol" "defimpl"))
((call
  target: (identifier) @_keyword
  (arguments . [
    (call target: (identifier) @name (arguments)? @parameters)
    (identifier) @name
    (binary_operator left: (call target: (identifier) @name (arguments)? @parameters))
    (binary_operator left: (identifier) @name)
  ])) @function
  (#any-of? @_keyword "def" "defp" "defmacro" "defmacrop" "defguard" "defdelegate"))

(comment) @comment

((call target: (identifier) @_keyword (arguments . (alias) @import))
  (#any-of? @_keyword "alias" "import" "require" "use"))

(call target: [
  (identifier) @call
  (dot right: (identifier) @call)
])
(call target: (dot left: (alias) @reference))

((call target: (identifier) @_keyword (do_block)) @branch
  (#any-of? @_keyword "if" "unless" "for"))
[(rescue_block) (catch_block)] @branch
(else_block) @else
((call target: (identifier) @_keyword (do_block)) @switch
  (#any-of? @_keyword "case" "cond" "receive" "with"))
(do_block (stab_clause) @decision)
(binary_operator operator: ["and" "&&"]) @and
(binary_operator operator: ["or" "||"]) @or
(anonymous_function) @deeper
