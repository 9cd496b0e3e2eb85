(class_declaration "struct" name: (_) @name) @struct
(class_declaration "enum" name: (_) @name) @enum
(class_declaration "extension" name: (_) @name) @scope
(class_declaration name: (_) @name) @class
(protocol_declaration name: (_) @name) @interface
(typealias_declaration name: (type_identifier) @name) @type
(function_declaration
  name: (_) @name
  "(" @parameters
  ")" @parameters) @function
(protocol_function_declaration
  name: (_) @name
  "(" @parameters
  ")" @parameters) @signature
(init_declaration
  "init" @name
  "(" @parameters
  ")" @parameters) @method
(deinit_declaration "deinit" @name) @method

[(comment) (multiline_comment)] @comment

(import_declaration (identifier) @import)

(call_expression . (simple_identifier) @call)
(call_expression . (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @call)))
(inheritance_specifier inherits_from: (user_type (type_identifier) @reference))
(parameter (user_type (type_identifier) @reference))

[
  (if_statement)
  (guard_statement)
  (for_statement)
  (while_statement)
  (repeat_while_statement)
  (catch_block)
  (ternary_expression)
] @branch
(if_statement (else) . (if_statement) @elif)
(if_statement (else) . (statements) @else)
(switch_statement) @switch
(switch_entry "case") @decision
(conjunction_expression) @and
(disjunction_expression) @or
(nil_coalescing_expression) @decision
(lambda_literal) @deeper
