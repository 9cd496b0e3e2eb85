(class name: (_) @name) @class
(module name: (_) @name) @module
(method name: (_) @name parameters: (method_parameters)? @parameters) @method
(singleton_method name: (_) @name parameters: (method_parameters)? @parameters) @method
(singleton_class) @scope

(comment) @comment

((call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list . (string) @import))
  (#any-of? @_method "require" "require_relative" "load" "autoload"))

(call method: (identifier) @call)
(superclass (constant) @reference)
(scope_resolution name: (constant) @reference)
(call receiver: (constant) @reference)

[
  (if)
  (unless)
  (if_modifier)
  (unless_modifier)
  (while)
  (until)
  (while_modifier)
  (until_modifier)
  (for)
  (conditional)
  (rescue)
  (rescue_modifier)
] @branch
(elsif) @elif
[(if alternative: (else) @else) (elsif alternative: (else) @else) (unless alternative: (else) @else)]
[(case) (case_match)] @switch
[(when) (in_clause)] @decision
(binary operator: ["&&" "and"]) @and
(binary operator: ["||" "or"]) @or
[(lambda) (block) (do_block)] @deeper
