(message (message_name) @name) @struct
(enum (enum_name) @name) @enum
(service (service_name) @name) @interface
(rpc (rpc_name) @name) @signature

(comment) @comment

(import path: (string) @import)

(message_or_enum_type) @reference
