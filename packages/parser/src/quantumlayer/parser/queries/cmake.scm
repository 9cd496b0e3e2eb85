(function_def (function_command
  (argument_list . (argument) @name))) @function
(macro_def (macro_command
  (argument_list . (argument) @name))) @function

[(line_comment) (bracket_comment)] @comment

((normal_command
  (identifier) @_command
  (argument_list . (argument) @import))
  (#any-of? @_command "include" "find_package" "add_subdirectory"))

(normal_command (identifier) @call)

[(if_condition) (foreach_loop) (while_loop)] @branch
(elseif_command) @elif
(else_command) @else
((argument) @and (#eq? @and "AND"))
((argument) @or (#eq? @or "OR"))
