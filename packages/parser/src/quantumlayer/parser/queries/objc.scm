; inherits: c

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

(module_import path: (_) @import)

(message_expression method: (identifier) @call)
(class_interface superclass: (identifier) @reference)

(catch_clause) @branch
(block_literal) @deeper
