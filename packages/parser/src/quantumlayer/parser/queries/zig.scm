(Decl (FnProto
  function: (IDENTIFIER) @name
  (ParamDeclList) @parameters)) @function
(Decl (VarDecl
  variable_type_function: (IDENTIFIER) @name
  (ErrorUnionExpr (SuffixExpr (ContainerDecl (ContainerDeclType "struct")))))) @struct
(Decl (VarDecl
  variable_type_function: (IDENTIFIER) @name
  (ErrorUnionExpr (SuffixExpr (ContainerDecl (ContainerDeclType "enum")))))) @enum
(Decl (VarDecl
  variable_type_function: (IDENTIFIER) @name
  (ErrorUnionExpr (SuffixExpr (ContainerDecl (ContainerDeclType "union")))))) @struct
(TestDecl (STRINGLITERALSINGLE) @name) @function

[(doc_comment) (line_comment) (container_doc_comment)] @comment

((SuffixExpr
  (BUILTINIDENTIFIER) @_builtin
  (FnCallArguments (ErrorUnionExpr (SuffixExpr (STRINGLITERALSINGLE) @import))))
  (#eq? @_builtin "@import"))

(SuffixExpr variable_type_function: (IDENTIFIER) @call . (FnCallArguments))
(FieldOrFnCall function_call: (IDENTIFIER) @call)
(ParamType (ErrorUnionExpr (SuffixExpr variable_type_function: (IDENTIFIER) @reference)))

[
  (IfStatement)
  (IfExpr)
  (ForStatement)
  (ForExpr)
  (WhileStatement)
  (WhileExpr)
] @branch
(IfStatement (Statement (IfStatement) @elif))
(IfStatement (Statement) @else)
(SwitchExpr) @switch
((SwitchCase) @decision (#not-eq? @decision "else"))
(BinaryExpr operator: "and") @and
(BinaryExpr operator: "or") @or
(BinaryExpr operator: (BitwiseOp ["orelse" "catch"])) @decision
