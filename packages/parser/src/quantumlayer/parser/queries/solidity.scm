(contract_declaration name: (identifier) @name) @class
(library_declaration name: (identifier) @name) @class
(interface_declaration name: (identifier) @name) @interface
(struct_declaration name: (identifier) @name) @struct
(enum_declaration name: (identifier) @name) @enum
(function_definition
  name: (identifier) @name
  "(" @parameters
  ")" @parameters
  body: (_)) @function
(function_definition
  name: (identifier) @name
  "(" @parameters
  ")" @parameters) @signature
(constructor_definition
  "constructor" @name
  "(" @parameters
  ")" @parameters) @method
(modifier_definition name: (identifier) @name) @method
(event_definition name: (identifier) @name) @type
(error_declaration name: (identifier) @name) @type

(comment) @comment

(import_directive source: (string) @import)

(call_expression function: (expression [
  (identifier) @call
  (member_expression property: (identifier) @call)
]))
(emit_statement name: (expression (identifier) @call))
(inheritance_specifier ancestor: (user_defined_type (identifier) @reference))

[
  (if_statement)
  (for_statement)
  (while_statement)
  (do_while_statement)
  (catch_clause)
  (ternary_expression)
] @branch
(if_statement "else" . (statement (if_statement) @elif))
(if_statement "else" . (statement) @else)
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
