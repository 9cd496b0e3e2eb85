(data_type name: (_) @name) @type
(newtype name: (_) @name) @type
(type_synomym name: (_) @name) @type
(class name: (_) @name) @interface
(instance) @scope
(function
  name: (_) @name
  patterns: (patterns) @parameters) @function
(declarations (bind name: (variable) @name) @function)

[(comment) (haddock)] @comment

(import module: (module) @import)

(apply function: (variable) @call)
(apply function: (qualified (variable) @call))
(signature type: (_ (name) @reference))

(conditional) @branch
(conditional else: (conditional) @elif)
(conditional else: (_) @else)
[(case) (lambda_case) (multi_way_if)] @switch
((alternative pattern: (_) @_pattern) @decision (#not-eq? @_pattern "_"))
(guards) @decision
((infix operator: (operator) @_operator) @and (#eq? @_operator "&&"))
((infix operator: (operator) @_operator) @or (#eq? @_operator "||"))
[(lambda) (lambda_case)] @deeper
