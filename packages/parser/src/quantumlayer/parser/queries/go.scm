(function_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters) @function
(method_declaration
  name: (field_identifier) @name
  parameters: (parameter_list) @parameters) @method
(type_spec name: (type_identifier) @name type: (struct_type)) @struct
(type_spec name: (type_identifier) @name type: (interface_type)) @interface
(type_spec name: (type_identifier) @name) @type
(type_alias name: (type_identifier) @name) @type

(comment) @comment

(import_spec path: (_) @import)

(call_expression function: [
  (identifier) @call
  (selector_expression field: (field_identifier) @call)
])
[
  (composite_literal type: (type_identifier) @reference)
  (composite_literal type: (qualified_type name: (type_identifier) @reference))
  (parameter_declaration type: (type_identifier) @reference)
  (parameter_declaration type: (pointer_type (type_identifier) @reference))
  (field_declaration type: (type_identifier) @reference)
]

[(if_statement) (for_statement)] @branch
(if_statement alternative: (if_statement) @elif)
(if_statement alternative: (block) @else)
[(expression_switch_statement) (type_switch_statement) (select_statement)] @switch
[(expression_case) (type_case) (communication_case)] @decision
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
(func_literal) @deeper
[
  (goto_statement)
  (break_statement (label_name))
  (continue_statement (label_name))
] @jump
