(rule (targets) @name) @target
(define_directive name: (word) @name) @constant
(variable_assignment name: (word) @name) @constant

(comment) @comment

(include_directive filenames: (list (word) @import))

(prerequisites (word) @reference)
