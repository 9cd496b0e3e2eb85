(create_table (object_reference) @name) @table
(create_view (object_reference) @name) @table
(create_materialized_view (object_reference) @name) @table
(create_function (object_reference) @name (function_arguments) @parameters) @function
(create_type (object_reference) @name) @type
(create_schema (identifier) @name) @module

[(comment) (marginalia)] @comment

(invocation (object_reference name: (identifier) @call))
(relation (object_reference name: (identifier) @reference))

(case) @switch
(keyword_when) @decision
(binary_expression operator: (keyword_and)) @and
(binary_expression operator: (keyword_or)) @or
