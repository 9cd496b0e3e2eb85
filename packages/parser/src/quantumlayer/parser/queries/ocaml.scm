(module_definition (module_binding (module_name) @name)) @module
(module_type_definition (module_type_name) @name) @interface
(class_definition (class_binding name: (class_name) @name)) @class
(type_definition (type_binding name: (_) @name)) @type
(exception_definition (constructor_declaration (constructor_name) @name)) @type
(value_definition (let_binding
  pattern: (value_name) @name
  (parameter) @parameters
  body: (_) @body)) @function
(value_definition (let_binding
  pattern: (value_name) @name
  body: [(fun_expression) (function_expression)] @body)) @function
(method_definition (method_name) @name) @method

(comment) @comment

(open_module module: (_) @import)
(include_module module: (module_path) @import)

(application_expression function: (value_path (value_name) @call))
(value_path (module_path (module_name) @reference))

[(if_expression) (for_expression) (while_expression)] @branch
(else_clause (if_expression) @elif)
(else_clause) @else
[(match_expression) (try_expression)] @switch
((match_case pattern: (_) @_pattern) @decision (#not-eq? @_pattern "_"))
(infix_expression operator: (and_operator)) @and
(infix_expression operator: (or_operator)) @or
[(fun_expression) (function_expression)] @deeper
