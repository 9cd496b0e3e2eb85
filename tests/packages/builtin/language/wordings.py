"""Constructs of the language in many wordings, each with the line that it must be read as."""

DECLARATIONS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        (
            "Guests have a name and a budget",
            "Each guest has a name, a budget",
            "guests (name, budget)",
            "Guest: name, budget",
            "Guests with name and budget",
            "Guest { name: string, budget: decimal }",
        ),
        ("Guest.name text", "Guest.budget decimal >= 0"),
    ),
    (
        (
            "Rooms have a code (unique) and a capacity from 1 to 50",
            "Every room has a unique code and a capacity between 1 and 50",
            "rooms (code unique, capacity 1-50)",
            "Room: code: string, unique; capacity: 1..50".replace(";", ","),
        ),
        ("Room.code text unique", "Room.capacity integer >= 1 <= 50"),
    ),
    (
        (
            (
                "Stays have a guest, a room, a start, an end, a price more than 0, a paid flag and "
                "a status (open, closed, cancelled)"
            ),
            (
                "Stays belong to a guest and a room and have a start, an end, a price > 0, paid "
                "(boolean) and status open/closed/cancelled"
            ),
            (
                "Stay: guest, room, start: datetime, end: datetime, price: decimal > 0, "
                "paid: boolean, status: open|closed|cancelled"
            ),
        ),
        (
            "Stay.guest_id -> Guest",
            "Stay.room_id -> Room",
            "Stay.start datetime",
            "Stay.end datetime",
            "Stay.price decimal > 0",
            "Stay.paid boolean = false",
            "Stay.status {open, closed, cancelled} = open",
        ),
    ),
)

RULES: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        (
            "A guest can have at most 3 open stays",
            "No guest may have more than 3 open stays",
            "Guests cannot have more than three open stays",
            "At most 3 open stays per guest",
            "a guest may hold up to 3 stays that are open",
            "Each guest is allowed to have no more than 3 open stays",
            "max. 3 open stays for each guest",
        ),
        "at most 3 Stay per guest_id where status equal open",
    ),
    (
        (
            "Stays of a room must not overlap unless they are cancelled",
            "Not cancelled stays of the same room can't overlap",
            "No two not cancelled stays of the same room may overlap",
            "Stays in the same room that are not cancelled may never overlap",
        ),
        "no overlap Stay start..end per room_id where status not_equal cancelled",
    ),
    (
        (
            "The end must be after the start",
            "The end of a stay cannot be before or at the start".replace("before or at", "at most"),
            "end later than start",
            "A stay's end has to be greater than its start",
        ),
        "Stay.end greater start",
    ),
    (
        (
            "A closed stay cannot be changed",
            "Closed stays can't be modified",
            "Once closed, a stay cannot be edited",
            "stays that are closed are read-only",
        ),
        "frozen Stay where status equal closed",
    ),
    (
        (
            "A guest with open stays cannot be deleted",
            "A guest cannot be deleted while they have open stays",
            "Guests who have open stays can't be removed",
        ),
        "keep Guest while Stay.guest_id where status equal open",
    ),
    (
        (
            "At most 20 stays per day",
            "There may be at most 20 stays per day",
            "No more than 20 stays per day",
        ),
        "at most 20 Stay per start.date",
    ),
    (
        (
            "Show the total price of stays per guest",
            "Report: total price per guest",
        ),
        "sum Stay.price per guest_id",
    ),
    (
        (
            "Number of stays per status",
            "Show the number of stays per status",
            "Report: how many stays per status",
        ),
        "count Stay per status",
    ),
    (
        (
            "The start must not be in the past",
            "No stays with a start in the past",
            "The start of a stay can't lie in the past",
        ),
        "Stay.start in future_or_today",
    ),
    (
        (
            "No two stays of the same guest may have the same start",
            "One stay per guest and start",
            "A guest cannot have two stays with the same start",
        ),
        "unique Stay(guest_id, start)",
    ),
    (
        (
            "The total price of stays per guest must not exceed 5000",
            "The total price per guest cannot be more than 5000",
        ),
        "sum Stay.price <= 5000 per guest_id",
    ),
    (
        (
            "A room cannot have more stays than its capacity",
            "No more stays than the capacity of the room".replace(" of the room", ""),
        ),
        "at most capacity Stay per room_id",
    ),
    (
        ("The price of a stay cannot be changed", "The price of a stay is read-only"),
        "frozen Stay(price)",
    ),
    (
        ("A paid stay cannot be deleted", "Paid stays can never be removed"),
        "undeletable Stay where paid equal true",
    ),
)

UNKNOWN = ("purple", "weekly", "quickly", "encrypted", "nearby", "urgently", "foo", "automatically")
"""Words that mean nothing in the language: none may be passed over inside a rule."""
