(function_definition
  name: (identifier) @name
  parameters: (parameters) @parameters) @function

(class_definition
  name: (identifier) @name) @class

(type_alias_statement
  left: (type (identifier) @name)) @type

(function_definition
  body: (block . (string) @documentation))
(class_definition
  body: (block . (string) @documentation))

(comment) @comment

(import_statement name: (dotted_name) @import)
(import_statement name: (aliased_import name: (dotted_name) @import))
(import_from_statement module_name: (_) @import)
(future_import_statement "__future__" @import)
(import_from_statement name: (dotted_name (identifier) @reference))
(import_from_statement name: (aliased_import name: (dotted_name (identifier) @reference)))

(call function: [
  (identifier) @call
  (attribute attribute: (identifier) @call)
])
(class_definition superclasses: (argument_list [
  (identifier) @reference
  (attribute attribute: (identifier) @reference)
]))
(type (identifier) @reference)

[
  (if_statement)
  (for_statement)
  (while_statement)
  (except_clause)
  (conditional_expression)
] @branch
(elif_clause) @elif
(else_clause) @else
(match_statement) @switch
[
  (for_in_clause)
  (if_clause)
] @decision
((case_clause . (case_pattern) @_pattern) @decision (#not-eq? @_pattern "_"))
(boolean_operator operator: "and") @and
(boolean_operator operator: "or") @or
(lambda) @deeper
