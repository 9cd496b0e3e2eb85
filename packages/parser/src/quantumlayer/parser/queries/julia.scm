(module_definition name: (identifier) @name) @module
(struct_definition (type_head [
  (identifier) @name
  (binary_expression . (identifier) @name)
  (parametrized_type_expression . (identifier) @name)
])) @struct
(abstract_definition (type_head [
  (identifier) @name
  (binary_expression . (identifier) @name)
])) @type
(function_definition (signature [
  (call_expression . (_) @name (argument_list) @parameters)
  (typed_expression (call_expression . (_) @name (argument_list) @parameters))
  (where_expression (call_expression . (_) @name (argument_list) @parameters))
  (where_expression (typed_expression (call_expression . (_) @name (argument_list) @parameters)))
])) @function
(macro_definition
  (signature (call_expression . (_) @name (argument_list) @parameters))) @function
(assignment
  . (call_expression . (_) @name (argument_list) @parameters)
  (operator)) @function

[(line_comment) (block_comment)] @comment

(using_statement [(identifier) (import_path)] @import)
(import_statement [(identifier) (import_path)] @import)
(selected_import . (_) @import)

(call_expression . [
  (identifier) @call
  (field_expression (identifier) @call .)
])
(macrocall_expression (macro_identifier) @call)

[
  (if_statement)
  (for_statement)
  (while_statement)
  (catch_clause)
  (ternary_expression)
] @branch
(elseif_clause) @elif
(else_clause) @else
[(for_clause) (if_clause)] @decision
((binary_expression (operator) @_operator) @and (#eq? @_operator "&&"))
((binary_expression (operator) @_operator) @or (#eq? @_operator "||"))
[(arrow_function_expression) (do_clause)] @deeper
