(class_declaration name: (identifier) @name) @class
(record_declaration name: (identifier) @name parameters: (formal_parameters) @parameters) @class
(interface_declaration name: (identifier) @name) @interface
(annotation_type_declaration name: (identifier) @name) @interface
(enum_declaration name: (identifier) @name) @enum
(method_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  !body) @signature
(method_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters) @method
(constructor_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters) @method
(compact_constructor_declaration name: (identifier) @name) @method

[(line_comment) (block_comment)] @comment

(import_declaration [(scoped_identifier) (identifier)] @import)

(method_invocation name: (identifier) @call)
(object_creation_expression type: [
  (type_identifier) @call
  (generic_type (type_identifier) @call)
])
[
  (superclass (type_identifier) @reference)
  (type_list (type_identifier) @reference)
  (formal_parameter type: (type_identifier) @reference)
  (field_declaration type: (type_identifier) @reference)
]

[
  (if_statement)
  (for_statement)
  (enhanced_for_statement)
  (while_statement)
  (do_statement)
  (catch_clause)
  (ternary_expression)
] @branch
(if_statement alternative: (if_statement) @elif)
(if_statement alternative: (_) @else)
(switch_expression) @switch
(switch_label "case") @decision
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
(lambda_expression) @deeper
[(break_statement (identifier)) (continue_statement (identifier))] @jump
