(class_interface . (identifier) @name) @class
(class_implementation) @scope
(protocol_declaration (identifier) @name) @interface
(method_definition
  . (method_type)
  . (identifier) @name
  (method_parameter) @parameters) @method
(method_definition . (method_type) . (identifier) @name) @method
(method_declaration
  . (method_type)
  . (identifier) @name
  (method_parameter) @parameters) @signature
(method_declaration . (method_type) . (identifier) @name) @signature
(function_definition
  declarator: [
    (function_declarator declarator: (_) @name parameters: (parameter_list) @parameters)
    (pointer_declarator declarator: (function_declarator
      declarator: (_) @name parameters: (parameter_list) @parameters))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator
      declarator: (_) @name parameters: (parameter_list) @parameters)))
  ]) @function
(struct_specifier name: (type_identifier) @name body: (_)) @struct
(union_specifier name: (type_identifier) @name body: (_)) @struct
(enum_specifier name: (type_identifier) @name body: (_)) @enum
(type_definition declarator: (type_identifier) @name) @type

(comment) @comment

(preproc_include path: (_) @import)
(module_import path: (_) @import)

(call_expression function: [
  (identifier) @call
  (field_expression field: (field_identifier) @call)
])
(message_expression method: (identifier) @call)
(class_interface superclass: (identifier) @reference)
(parameter_declaration type: (type_identifier) @reference)
(declaration type: (type_identifier) @reference)
(declaration type: (struct_specifier name: (type_identifier) @reference))

[
  (if_statement)
  (for_statement)
  (while_statement)
  (do_statement)
  (catch_clause)
  (conditional_expression)
] @branch
(else_clause (if_statement) @elif)
(else_clause) @else
(switch_statement) @switch
(case_statement "case") @decision
[(preproc_if) (preproc_ifdef) (preproc_elif)] @decision
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
(block_literal) @deeper
(goto_statement) @jump
