; inherits: ecmascript

(public_field_definition
  name: (_) @name
  value: [
    (arrow_function parameters: (formal_parameters) @parameters) @body
    (arrow_function parameter: (identifier) @parameters) @body
  ]) @method
(class_declaration name: (type_identifier) @name) @class
(abstract_class_declaration name: (type_identifier) @name) @class
(method_signature name: (_) @name parameters: (formal_parameters) @parameters) @signature
(abstract_method_signature name: (_) @name parameters: (formal_parameters) @parameters) @signature
(function_signature
  name: (identifier) @name
  parameters: (formal_parameters) @parameters) @signature
(interface_declaration name: (type_identifier) @name) @interface
(type_alias_declaration name: (type_identifier) @name) @type
(enum_declaration name: (identifier) @name) @enum
(internal_module name: (_) @name) @module

(import_require_clause source: (string) @import)

(extends_clause value: (identifier) @reference)
(implements_clause (type_identifier) @reference)
(type_annotation (type_identifier) @reference)
(type_arguments (type_identifier) @reference)
