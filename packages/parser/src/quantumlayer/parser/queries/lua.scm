(function_declaration
  name: (_) @name
  parameters: (parameters) @parameters) @function
(assignment_statement
  (variable_list . name: (_) @name)
  (expression_list . value: (function_definition parameters: (parameters) @parameters) @body)) @function
(field
  name: (identifier) @name
  value: (function_definition parameters: (parameters) @parameters) @body) @function

(comment) @comment

((function_call
  name: (identifier) @_function
  arguments: (arguments . (string) @import))
  (#any-of? @_function "require" "dofile" "loadfile"))

(function_call name: [
  (identifier) @call
  (dot_index_expression field: (identifier) @call)
  (method_index_expression method: (identifier) @call)
])

[
  (if_statement)
  (for_statement)
  (while_statement)
  (repeat_statement)
] @branch
(elseif_statement) @elif
(else_statement) @else
(binary_expression "and") @and
(binary_expression "or") @or
(function_definition) @deeper
(goto_statement) @jump
