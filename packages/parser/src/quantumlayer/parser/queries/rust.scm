(function_item
  name: (identifier) @name
  parameters: (parameters) @parameters) @function
(function_signature_item
  name: (identifier) @name
  parameters: (parameters) @parameters) @signature
(struct_item name: (type_identifier) @name) @struct
(union_item name: (type_identifier) @name) @struct
(enum_item name: (type_identifier) @name) @enum
(trait_item name: (type_identifier) @name) @trait
(type_item name: (type_identifier) @name) @type
(mod_item name: (identifier) @name) @module
(macro_definition name: (identifier) @name) @function
(impl_item) @scope

[(line_comment) (block_comment)] @comment

(use_declaration argument: [
  (identifier) @import
  (scoped_identifier) @import
  (use_wildcard) @import
  (use_as_clause path: (_) @import)
  (scoped_use_list path: (_) @import)
])
(extern_crate_declaration name: (identifier) @import)

(call_expression function: [
  (identifier) @call
  (field_expression field: (field_identifier) @call)
  (scoped_identifier name: (identifier) @call)
  (generic_function function: (identifier) @call)
  (generic_function function: (scoped_identifier name: (identifier) @call))
  (generic_function function: (field_expression field: (field_identifier) @call))
])
(macro_invocation macro: (identifier) @call)
(struct_expression name: (type_identifier) @call)
[
  (parameter type: (type_identifier) @reference)
  (reference_type type: (type_identifier) @reference)
  (impl_item trait: (type_identifier) @reference)
  (impl_item type: (type_identifier) @reference)
  (field_declaration type: (type_identifier) @reference)
]

[(if_expression) (for_expression) (while_expression)] @branch
(else_clause (if_expression) @elif)
(else_clause) @else
(loop_expression) @branch
(match_expression) @switch
((match_arm pattern: (match_pattern) @_pattern) @decision (#not-eq? @_pattern "_"))
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
(closure_expression) @deeper
[(break_expression (label)) (continue_expression (label))] @jump
