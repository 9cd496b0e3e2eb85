(module_attribute name: (atom) @name) @module
(record_decl name: (atom) @name) @struct
(type_alias name: (type_name name: (atom) @name)) @type
(fun_decl clause: (function_clause
  name: (atom) @name
  args: (expr_args) @parameters)) @function

(comment) @comment

(pp_include file: (string) @import)
(pp_include_lib file: (string) @import)
(import_attribute module: (atom) @import)
(behaviour_attribute name: (atom) @import)

(call expr: [
  (atom) @call
  (remote fun: (atom) @call)
])
(remote_module module: (atom) @reference)

[(catch_clause)] @branch
[(case_expr) (if_expr) (receive_expr) (maybe_expr)] @switch
((cr_clause pat: (_) @_pattern) @decision (#not-eq? @_pattern "_"))
(if_clause) @decision
(binary_op_expr "andalso") @and
(binary_op_expr "orelse") @or
(anonymous_fun) @deeper
