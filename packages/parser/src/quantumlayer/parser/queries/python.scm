; Captures: @function, @class …: a symbol; @name and @parameters within it.
(function_definition
  name: (identifier) @name
  parameters: (parameters) @parameters) @function

(class_definition
  name: (identifier) @name) @class
