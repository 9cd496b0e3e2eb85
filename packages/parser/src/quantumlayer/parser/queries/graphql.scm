(object_type_definition (name) @name) @type
(interface_type_definition (name) @name) @interface
(enum_type_definition (name) @name) @enum
(input_object_type_definition (name) @name) @type
(union_type_definition (name) @name) @type
(scalar_type_definition (name) @name) @type
(operation_definition (name) @name) @section
(fragment_definition (fragment_name) @name) @section

(comment) @comment

(named_type (name) @reference)
