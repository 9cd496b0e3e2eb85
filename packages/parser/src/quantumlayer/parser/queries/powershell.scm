(function_statement
  (function_name) @name
  (script_block (param_block (parameter_list) @parameters))) @function
(function_statement
  (function_name) @name
  (function_parameter_declaration (parameter_list) @parameters)) @function
(function_statement (function_name) @name) @function
(class_statement . (simple_name) @name) @class
(enum_statement . (simple_name) @name) @enum
(class_method_definition
  (simple_name) @name
  (class_method_parameter_list) @parameters) @method
(class_method_definition (simple_name) @name) @method

(comment) @comment

((command
  command_name: (command_name) @_command
  command_elements: (command_elements (generic_token) @import .))
  (#any-of? @_command "using" "Import-Module" "import-module"))

(command command_name: (command_name) @call)
(invokation_expression (member_name (simple_name) @call))

[
  (if_statement)
  (for_statement)
  (foreach_statement)
  (while_statement)
  (do_statement)
  (catch_clause)
] @branch
(elseif_clause) @elif
(else_clause) @else
(switch_statement) @switch
((switch_clause (switch_clause_condition) @_condition) @decision
  (#not-eq? @_condition "default"))
(logical_expression "-and") @and
(logical_expression "-or") @or
(script_block_expression) @deeper
