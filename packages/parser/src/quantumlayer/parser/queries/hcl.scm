(body (block
  . (identifier) @_kind
  . (string_lit (template_literal) @name)
  . (block_start)) @section)
(body (block
  . (identifier)
  . (string_lit)
  . (string_lit (template_literal) @name)) @section)

(comment) @comment

((block
  . (identifier) @_kind
  (body (attribute
    (identifier) @_attribute
    (expression (literal_value (string_lit) @import)))))
  (#eq? @_kind "module")
  (#eq? @_attribute "source"))

(function_call (identifier) @call)
