(class_declaration name: (identifier) @name) @class
(record_declaration name: (identifier) @name) @class
(struct_declaration name: (identifier) @name) @struct
(interface_declaration name: (identifier) @name) @interface
(enum_declaration name: (identifier) @name) @enum
(delegate_declaration name: (identifier) @name parameters: (parameter_list) @parameters) @type
(namespace_declaration name: (_) @name) @module
(file_scoped_namespace_declaration name: (_) @name) @module
(method_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters
  !body) @signature
(method_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters) @method
(constructor_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters) @method
(destructor_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters) @method
(local_function_statement
  name: (identifier) @name
  parameters: (parameter_list) @parameters) @function

(comment) @comment

(using_directive [(qualified_name) (identifier)] @import .)

(invocation_expression function: [
  (identifier) @call
  (generic_name (identifier) @call)
  (member_access_expression name: (identifier) @call)
  (member_access_expression name: (generic_name (identifier) @call))
  (conditional_access_expression (member_binding_expression name: (identifier) @call))
])
(object_creation_expression type: [(identifier) @call (generic_name (identifier) @call)])
(base_list (identifier) @reference)
(parameter type: (identifier) @reference)
(property_declaration type: (identifier) @reference)

[
  (if_statement)
  (for_statement)
  (foreach_statement)
  (while_statement)
  (do_statement)
  (catch_clause)
  (conditional_expression)
] @branch
(if_statement alternative: (if_statement) @elif)
(if_statement alternative: (_) @else)
[(switch_statement) (switch_expression)] @switch
(switch_section "case") @decision
((switch_expression_arm . (_) @_pattern) @decision (#not-eq? @_pattern "_"))
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
(binary_expression operator: "??") @decision
[(lambda_expression) (anonymous_method_expression)] @deeper
(goto_statement) @jump
