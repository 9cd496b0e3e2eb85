(from_instruction as: (image_alias) @name) @section

(comment) @comment

(from_instruction (image_spec) @import)
