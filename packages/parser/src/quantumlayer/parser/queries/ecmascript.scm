(function_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters) @function
(generator_function_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters) @function
(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function parameters: (formal_parameters) @parameters) @body
    (arrow_function parameter: (identifier) @parameters) @body
    (function_expression parameters: (formal_parameters) @parameters) @body
    (generator_function parameters: (formal_parameters) @parameters) @body
  ]) @function
(variable_declarator
  name: (identifier) @name
  value: (binary_expression
    operator: "||"
    right: (function_expression parameters: (formal_parameters) @parameters) @body)) @function
(assignment_expression
  left: [(identifier) @name (member_expression property: [(property_identifier) (private_property_identifier)] @name)]
  right: [
    (arrow_function parameters: (formal_parameters) @parameters) @body
    (arrow_function parameter: (identifier) @parameters) @body
    (function_expression parameters: (formal_parameters) @parameters) @body
    (generator_function parameters: (formal_parameters) @parameters) @body
  ]) @function
(pair
  key: (property_identifier) @name
  value: [
    (arrow_function parameters: (formal_parameters) @parameters) @body
    (arrow_function parameter: (identifier) @parameters) @body
    (function_expression parameters: (formal_parameters) @parameters) @body
    (generator_function parameters: (formal_parameters) @parameters) @body
  ]) @function
(variable_declarator name: (identifier) @name value: (class)) @class
(method_definition
  name: (_) @name
  parameters: (formal_parameters) @parameters) @method

(comment) @comment

(import_statement source: (string) @import)
(export_statement source: (string) @import)
((call_expression
  function: [(import) (identifier)] @_function
  arguments: (arguments . (string) @import .))
  (#any-of? @_function "require" "import"))
(import_specifier name: (identifier) @reference)
(import_clause (identifier) @reference)

(call_expression function: [
  (identifier) @call
  (member_expression property: (property_identifier) @call)
])
(new_expression constructor: (identifier) @call)

[
  (if_statement)
  (for_statement)
  (for_in_statement)
  (while_statement)
  (do_statement)
  (catch_clause)
  (ternary_expression)
] @branch
(else_clause (if_statement) @elif)
(else_clause) @else
(switch_statement) @switch
(switch_case) @decision
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
(binary_expression operator: "??") @decision
[(arrow_function) (function_expression) (generator_function)] @deeper
[(break_statement (statement_identifier)) (continue_statement (statement_identifier))] @jump
