(class_declaration name: (name) @name) @class
(trait_declaration name: (name) @name) @trait
(interface_declaration name: (name) @name) @interface
(enum_declaration name: (name) @name) @enum
(namespace_definition name: (namespace_name) @name) @module
(function_definition
  name: (name) @name
  parameters: (formal_parameters) @parameters) @function
(method_declaration
  name: (name) @name
  parameters: (formal_parameters) @parameters
  !body) @signature
(method_declaration
  name: (name) @name
  parameters: (formal_parameters) @parameters) @method

(comment) @comment

(namespace_use_clause [(qualified_name) (name)] @import)
[
  (require_expression (string) @import)
  (require_once_expression (string) @import)
  (include_expression (string) @import)
  (include_once_expression (string) @import)
]

(function_call_expression function: [(name) @call (qualified_name (name) @call)])
(member_call_expression name: (name) @call)
(nullsafe_member_call_expression name: (name) @call)
(scoped_call_expression name: (name) @call)
(object_creation_expression [(name) @call (qualified_name (name) @call)])
[(base_clause (name) @reference) (class_interface_clause (name) @reference)]
(named_type (name) @reference)

[
  (if_statement)
  (for_statement)
  (foreach_statement)
  (while_statement)
  (do_statement)
  (catch_clause)
  (conditional_expression)
] @branch
(else_if_clause) @elif
(else_clause (if_statement) @elif)
(else_clause) @else
[(switch_statement) (match_expression)] @switch
[(case_statement) (match_conditional_expression)] @decision
(binary_expression operator: ["&&" "and"]) @and
(binary_expression operator: ["||" "or" "xor"]) @or
(binary_expression operator: "??") @decision
[(anonymous_function) (arrow_function)] @deeper
[(goto_statement) (break_statement (integer)) (continue_statement (integer))] @jump
