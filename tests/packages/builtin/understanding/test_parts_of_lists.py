"""Lists whose parts are lists, relations or rules; and rules on what no list had."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str], list[str]]] = [
    (
        (
            "Build a REST API for a blog. Posts have a title, body, author and published "
            "date. Comments belong to a post and have an author name and text. A post's slug "
            "must be unique."
        ),
        [
            "Post.title text",
            "Post.body long_text",
            "Post.author text",
            "Post.published_date date optional",
            "Post.slug text unique",
            "Comment.post_id -> Post",
            "Comment.author_name text",
            "Comment.text long_text",
        ],
        [],
    ),
    (
        (
            "A restaurant needs table reservations: tables with a number and seats, "
            "reservations with guest name, party size, date and time. Party size must not "
            "exceed the seats of the table. The same table can't be reserved twice at the "
            "same date and time."
        ),
        [
            "Table.number text",
            "Table.seats integer >= 0",
            "Reservation.guest_name text",
            "Reservation.party_size integer",
            "Reservation.date_time datetime",
            "Reservation.table_id -> Table",
            "unique Reservation(table_id, date_time)",
        ],
        ["Party size must not exceed the seats of the table"],
    ),
    (
        (
            "Recipe book with recipes (title, servings, minutes) and ingredients (name, "
            "amount, unit) that belong to a recipe. Search recipes by title. Minutes must be "
            "more than 0."
        ),
        [
            "Recipe.title text",
            "Recipe.servings integer >= 0",
            "Recipe.minutes integer > 0",
            "Ingredient.name text",
            "Ingredient.amount decimal >= 0",
            "Ingredient.unit text",
            "Ingredient.recipe_id -> Recipe",
        ],
        [],
    ),
    (
        (
            "Project tracker: projects have many tasks. Tasks have a title, an estimate in "
            "hours, a state (todo/doing/done) and an assignee. A task cannot go back from "
            "done to todo. At most 3 tasks in doing per assignee."
        ),
        [
            "Project.name text unique",
            "Project.description long_text optional",
            "Task.project_id -> Project",
            "Task.title text",
            "Task.estimate text",
            "Task.state {todo, doing, done} = todo",
            "Task.assignee text",
            "steps Task.state: todo>doing, todo>done, doing>todo, doing>done, done>doing",
            "at most 3 Task per assignee where state equal doing",
        ],
        [],
    ),
    (
        (
            "Dentist office api where patients book appointments with dentists. an "
            "appointment takes 30 minutes. dentist can not have overlapping appointments. "
            "patients have name, phone. dentists have name."
        ),
        [
            "Patient.name text",
            "Patient.phone phone",
            "Dentist.name text",
            "Appointment.patient_id -> Patient",
            "Appointment.dentist_id -> Dentist",
            "Appointment.starts_at datetime",
            "Appointment.ends_at datetime",
            "Appointment.notes long_text optional",
            "no overlap Appointment starts_at..ends_at per dentist_id",
        ],
        ["an appointment takes 30 minutes"],
    ),
    (
        (
            "Shopping cart: users, products (name, price, stock), carts with items (product, "
            "quantity). Quantity at least 1 and not more than the stock."
        ),
        [
            "User.name text",
            "User.email email unique",
            "Product.name text",
            "Product.price decimal >= 0",
            "Product.stock integer >= 0",
            "Cart.name text unique",
            "Item.cart_id -> Cart",
            "Item.quantity integer >= 0",
            "Item.product_id -> Product",
        ],
        ["Quantity at least 1 and not more than the stock"],
    ),
    (
        (
            "Hotel rooms, guests, reservations from date to date, no double booking of the "
            "same room, a guest may have at most 3 active reservations"
        ),
        [
            "Room.number text unique",
            "Room.type {single, double, suite}",
            "Room.price_per_night decimal > 0",
            "Room.capacity integer >= 1",
            "Guest.name text",
            "Guest.email email unique",
            "Guest.phone phone optional",
            "Reservation.room_id -> Room",
            "Reservation.check_in_date date",
            "Reservation.check_out_date date",
            "Reservation.status {active, booked, cancelled, checked_in, checked_out} = booked",
            "Reservation.guest_id -> Guest",
            "Reservation.check_out_date greater check_in_date",
            (
                "no overlap Reservation check_in_date..check_out_date per room_id where status "
                "not_equal cancelled"
            ),
            "no overlap Reservation check_in_date..check_out_date per room_id",
            "at most 3 Reservation per guest_id where status equal active",
        ],
        [],
    ),
    (
        (
            "API for managing wedding guests: guest (name, email, plus one yes/no, rsvp "
            "status: pending, accepted, declined), tables (number unique, seats), guest sits "
            "at a table, no more guests at a table than seats"
        ),
        [
            "Table.number text unique",
            "Table.seats integer >= 0",
            "Guest.name text",
            "Guest.email email",
            "Guest.plus_one boolean = false",
            "Guest.rsvp_status {pending, accepted, declined} = pending",
            "Guest.table_id -> Table",
            "at most seats Guest per table_id",
        ],
        [],
    ),
    (
        (
            "Kindergarten: children (first name, last name, birthday), groups (name, max "
            "children), every child is in one group, a group cannot have more children than "
            "max children"
        ),
        [
            "Group.name text",
            "Group.max_children integer",
            "Child.first_name text",
            "Child.last_name text",
            "Child.birthday date",
            "Child.group_id -> Group",
            "at most max_children Child per group_id",
        ],
        [],
    ),
    (
        (
            "Car workshop. Customers own cars. A car has plate (unique), make, year >= 1950. "
            "Repairs: car, description, cost not negative, start date, end date optional, "
            "end date not before start date."
        ),
        [
            "Customer.name text",
            "Customer.email email unique",
            "Customer.phone phone optional",
            "Car.plate text unique",
            "Car.make text",
            "Car.year integer >= 1950",
            "Car.customer_id -> Customer",
            "Repair.description long_text optional",
            "Repair.cost decimal >= 0",
            "Repair.start_date date",
            "Repair.end_date date optional",
            "Repair.car_id -> Car",
            "Repair.end_date greater_or_equal start_date",
        ],
        [],
    ),
    (
        (
            "Meeting room booking, rooms have name and capacity, bookings have room, title, "
            "start and end, number of attendees. Attendees must not be more than room "
            "capacity. Bookings in the same room can't overlap. Bookings can't be longer "
            "than 8 hours."
        ),
        [
            "Room.name text",
            "Room.capacity integer >= 0",
            "Booking.room_id -> Room",
            "Booking.title text",
            "Booking.start datetime",
            "Booking.end datetime",
            "Booking.number_of_attendees integer",
            "Booking.number_of_attendees less_or_equal room_id.capacity",
            "no overlap Booking start..end per room_id",
        ],
        ["Bookings can't be longer than 8 hours"],
    ),
]


@pytest.mark.parametrize(
    ("prompt", "expected", "unread"), READINGS, ids=lambda value: str(value)[:40]
)
def test_each_part_is_read_for_what_it_is(
    prompt: str, expected: list[str], unread: list[str]
) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert [part.text for part in requirements.not_understood] == unread
