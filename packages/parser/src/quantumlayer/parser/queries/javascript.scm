; inherits: ecmascript, jsx

(field_definition
  property: (_) @name
  value: [
    (arrow_function parameters: (formal_parameters) @parameters) @body
    (arrow_function parameter: (identifier) @parameters) @body
  ]) @method
(class_declaration name: (identifier) @name) @class
(class_heritage (identifier) @reference)
