(class_definition name: (identifier) @name) @class
(object_definition name: (identifier) @name) @class
(trait_definition name: (identifier) @name) @trait
(enum_definition name: (identifier) @name) @enum
(type_definition name: (type_identifier) @name) @type
(function_definition name: (_) @name parameters: (parameters) @parameters) @function
(function_definition name: (_) @name) @function
(function_declaration name: (_) @name parameters: (parameters) @parameters) @signature
(function_declaration name: (_) @name) @signature
(given_definition) @scope

[(comment) (block_comment)] @comment

(import_declaration) @import

(call_expression function: [
  (identifier) @call
  (field_expression field: (identifier) @call)
  (generic_function function: (identifier) @call)
  (generic_function function: (field_expression field: (identifier) @call))
])
(instance_expression (type_identifier) @call)
(extends_clause type: (type_identifier) @reference)
(parameter type: (type_identifier) @reference)
(class_parameter type: (type_identifier) @reference)

[
  (if_expression)
  (for_expression)
  (while_expression)
  (do_while_expression)
] @branch
(if_expression alternative: (if_expression) @elif)
(if_expression alternative: (_) @else)
(match_expression) @switch
((case_clause pattern: (_) @_pattern) @decision (#not-eq? @_pattern "_"))
(guard) @decision
((infix_expression operator: (operator_identifier) @_operator) @and (#eq? @_operator "&&"))
((infix_expression operator: (operator_identifier) @_operator) @or (#eq? @_operator "||"))
(lambda_expression) @deeper
