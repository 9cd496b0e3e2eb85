((element
  (start_tag
    (attribute
      (attribute_name) @_attribute
      (quoted_attribute_value (attribute_value) @name)))) @section
  (#eq? @_attribute "id"))

(comment) @comment

((script_element (start_tag (attribute
    (attribute_name) @_attribute
    (quoted_attribute_value (attribute_value) @import))))
  (#eq? @_attribute "src"))
((element (start_tag
    (tag_name) @_tag
    (attribute
      (attribute_name) @_attribute
      (quoted_attribute_value (attribute_value) @import))))
  (#eq? @_tag "link")
  (#eq? @_attribute "href"))
