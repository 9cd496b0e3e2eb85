(class_declaration "interface" (type_identifier) @name) @interface
(class_declaration (type_identifier) @name (enum_class_body)) @enum
(class_declaration (type_identifier) @name) @class
(object_declaration (type_identifier) @name) @class
(type_alias (type_identifier) @name) @type
(function_declaration
  (simple_identifier) @name
  (function_value_parameters) @parameters
  (function_body)) @function
(function_declaration
  (simple_identifier) @name
  (function_value_parameters) @parameters) @signature
(companion_object) @scope

[(line_comment) (multiline_comment)] @comment

(import_header (identifier) @import)

(call_expression . (simple_identifier) @call)
(call_expression . (navigation_expression (navigation_suffix (simple_identifier) @call) .))
(constructor_invocation (user_type (type_identifier) @call))
(delegation_specifier (user_type (type_identifier) @reference))
(parameter (user_type (type_identifier) @reference))

[
  (if_expression)
  (for_statement)
  (while_statement)
  (do_while_statement)
  (catch_block)
] @branch
(if_expression alternative: (control_structure_body . (if_expression) @elif .))
(if_expression alternative: (control_structure_body) @else)
(when_expression) @switch
(when_entry . (when_condition)) @decision
(conjunction_expression) @and
(disjunction_expression) @or
(elvis_expression) @decision
[(lambda_literal) (anonymous_function)] @deeper
