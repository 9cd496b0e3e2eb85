(package_statement name: (package) @name) @module
(class_statement name: (package) @name) @class
(subroutine_declaration_statement
  name: (bareword) @name
  (signature) @parameters) @function
(subroutine_declaration_statement name: (bareword) @name) @function
(method_declaration_statement name: (bareword) @name) @method

[(comment) (pod)] @comment

(use_statement module: (package) @import)
(require_expression [(bareword) (string_literal) (interpolated_string_literal)] @import)

(function_call_expression function: (function) @call)
(ambiguous_function_call_expression function: (function) @call)
(method_call_expression method: (method) @call)

[
  (conditional_statement)
  (for_statement)
  (cstyle_for_statement)
  (loop_statement)
  (postfix_conditional_expression)
  (postfix_for_expression)
  (postfix_loop_expression)
  (conditional_expression)
] @branch
(elsif) @elif
(else) @else
(binary_expression operator: "&&") @and
(binary_expression operator: "||") @or
(binary_expression operator: "//") @decision
(lowprec_logical_expression operator: "and") @and
(lowprec_logical_expression operator: "or") @or
(anonymous_subroutine_expression) @deeper
(goto_expression) @jump
