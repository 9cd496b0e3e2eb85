(function_definition
  declarator: [
    (function_declarator
      declarator: (qualified_identifier) @name parameters: (parameter_list) @parameters)
    (pointer_declarator declarator: (function_declarator
      declarator: (qualified_identifier) @name parameters: (parameter_list) @parameters))
    (reference_declarator (function_declarator
      declarator: (qualified_identifier) @name parameters: (parameter_list) @parameters))
  ]) @method
(function_definition
  declarator: [
    (function_declarator declarator: (_) @name parameters: (parameter_list) @parameters)
    (pointer_declarator declarator: (function_declarator
      declarator: (_) @name parameters: (parameter_list) @parameters))
    (reference_declarator (function_declarator
      declarator: (_) @name parameters: (parameter_list) @parameters))
    (operator_cast type: (_) @name)
  ]) @function
(class_specifier name: (_) @name body: (_)) @class
(struct_specifier name: (_) @name body: (_)) @struct
(union_specifier name: (_) @name body: (_)) @struct
(enum_specifier name: (_) @name body: (_)) @enum
(type_definition declarator: (type_identifier) @name) @type
(alias_declaration name: (type_identifier) @name) @type
(concept_definition name: (identifier) @name) @type
(namespace_definition name: (_) @name) @module

(comment) @comment

(preproc_include path: (_) @import)
(import_declaration name: (_) @import)

(call_expression function: [
  (identifier) @call
  (field_expression field: (field_identifier) @call)
  (qualified_identifier name: (identifier) @call)
  (template_function name: (identifier) @call)
])
(new_expression type: (type_identifier) @call)
(parameter_declaration type: (type_identifier) @reference)
(declaration type: (type_identifier) @reference)
(base_class_clause (type_identifier) @reference)
(field_declaration type: (type_identifier) @reference)

[
  (if_statement)
  (for_statement)
  (for_range_loop)
  (while_statement)
  (do_statement)
  (catch_clause)
  (conditional_expression)
] @branch
(else_clause (if_statement) @elif)
(else_clause) @else
(switch_statement) @switch
(case_statement "case") @decision
[(preproc_if) (preproc_ifdef) (preproc_elif)] @decision
(binary_expression operator: ["&&" "and"]) @and
(binary_expression operator: ["||" "or"]) @or
(lambda_expression) @deeper
(goto_statement) @jump
