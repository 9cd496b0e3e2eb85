(mixin_statement name: (identifier) @name (parameters)? @parameters) @function
(function_statement name: (identifier) @name (parameters) @parameters) @function
(rule_set (selectors) @name) @section

[(comment) (js_comment)] @comment

(import_statement (_) @import)
(use_statement (string_value) @import)
(forward_statement (string_value) @import)

(include_statement (identifier) @call)
(call_expression (function_name) @call)

[(if_statement) (each_statement) (for_statement) (while_statement)] @branch
(else_if_clause) @elif
(else_clause) @else
