(class_definition name: (identifier) @name) @class
(mixin_declaration (identifier) @name) @class
(extension_declaration name: (identifier) @name) @class
(enum_declaration name: (identifier) @name) @enum
(type_alias . (type_identifier) @name) @type
((method_signature (function_signature
    name: (identifier) @name
    (formal_parameter_list) @parameters)) @method
  .
  (function_body) @end)
((method_signature (getter_signature name: (identifier) @name)) @method . (function_body) @end)
((method_signature (setter_signature name: (identifier) @name)) @method . (function_body) @end)
((method_signature (constructor_signature
    name: (identifier) @name
    parameters: (formal_parameter_list) @parameters)) @method
  .
  (function_body) @end)
((method_signature (factory_constructor_signature
    (identifier) @name
    (formal_parameter_list) @parameters)) @method
  .
  (function_body) @end)
(declaration (constructor_signature
  name: (identifier) @name
  parameters: (formal_parameter_list) @parameters)) @signature
(declaration (function_signature
  name: (identifier) @name
  (formal_parameter_list) @parameters)) @signature
(program
  (function_signature name: (identifier) @name (formal_parameter_list) @parameters) @function
  .
  (function_body) @end)
(local_function_declaration (lambda_expression
  parameters: (function_signature
    name: (identifier) @name
    (formal_parameter_list) @parameters))) @function

[(comment) (documentation_comment)] @comment

(uri (string_literal) @import)

((identifier) @call . (selector (argument_part)))
(selector
  (unconditional_assignable_selector (identifier) @call)
  .)
(new_expression (type_identifier) @call)
(superclass (type_identifier) @reference)
(interfaces (type_identifier) @reference)
(formal_parameter (type_identifier) @reference)

[
  (if_statement)
  (for_statement)
  (while_statement)
  (do_statement)
  (catch_clause)
  (conditional_expression)
] @branch
(if_statement alternative: (if_statement) @elif)
(if_statement alternative: (_) @else)
[(switch_statement) (switch_expression)] @switch
[(switch_statement_case) (switch_expression_case)] @decision
(logical_and_expression) @and
(logical_or_expression) @or
(if_null_expression) @decision
(function_expression) @deeper
