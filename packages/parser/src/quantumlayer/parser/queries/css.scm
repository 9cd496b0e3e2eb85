(rule_set (selectors) @name) @section

(comment) @comment

(import_statement [
  (string_value) @import
  (call_expression (arguments (string_value) @import))
])
