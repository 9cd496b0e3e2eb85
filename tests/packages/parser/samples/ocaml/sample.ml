open Printf

module Size = struct
  let small = 1
end

(** Holds items. *)
type shelf = { items : int list }

(** Says how a number looks. *)
let classify number flag =
  if number > 10 && flag then begin
    for index = 0 to number do
      if index = 3 then
        print_int index
    done;
    "many"
  end
  else if number < 0 then
    "negative"
  else
    Filename.concat "a" "b"

let rec add item = function
  | [] -> [item]
  | first :: rest -> first :: add item rest
