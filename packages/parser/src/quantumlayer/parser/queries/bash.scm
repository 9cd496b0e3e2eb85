(function_definition name: (word) @name) @function

(comment) @comment

((command
  name: (command_name) @_command
  argument: [(word) (string) (concatenation)] @import)
  (#any-of? @_command "source" "."))

(command name: (command_name (word) @call))

[
  (if_statement)
  (for_statement)
  (c_style_for_statement)
  (while_statement)
  (ternary_expression)
] @branch
(elif_clause) @elif
(else_clause) @else
(case_statement) @switch
((case_item value: (_) @_pattern) @decision (#not-eq? @_pattern "*"))
(list "&&") @and
(list "||") @or
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
