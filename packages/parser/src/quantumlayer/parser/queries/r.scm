(binary_operator
  lhs: [(identifier) (string)] @name
  operator: ["<-" "=" "<<-"]
  rhs: (function_definition parameters: (parameters) @parameters) @body) @function

(comment) @comment

((call
  function: (identifier) @_function
  arguments: (arguments . argument: (argument value: [(identifier) (string)] @import)))
  (#any-of? @_function "library" "require" "requireNamespace" "source"))
(namespace_operator lhs: (identifier) @import)

(call function: [
  (identifier) @call
  (namespace_operator rhs: (identifier) @call)
  (extract_operator rhs: (identifier) @call)
])

[
  (if_statement)
  (for_statement)
  (while_statement)
  (repeat_statement)
] @branch
(if_statement alternative: (if_statement) @elif)
(if_statement alternative: (_) @else)
(binary_operator operator: ["&&" "&"]) @and
(binary_operator operator: ["||" "|"]) @or
(function_definition) @deeper
