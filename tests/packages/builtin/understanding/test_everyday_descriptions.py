"""Titles, lists, user stories and everyday turns of phrase, as users of all kinds write them."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str]]] = [
    (
        (
            "I need an app to manage a gym. Members have a name and an email that must be "
            "unique. Classes have a name, a trainer, a start time and a capacity. Members "
            "can sign up for classes, but never more than the capacity. A member can't sign "
            "up twice for the same class."
        ),
        [
            "Member.name text",
            "Member.email email unique",
            "ClassRecord.name text",
            "ClassRecord.trainer text",
            "ClassRecord.start_time datetime",
            "ClassRecord.capacity integer >= 0",
            "Registration.member_id -> Member",
            "Registration.class_id -> ClassRecord",
            "Registration.registered_date date = today",
            "unique Registration(member_id, class_id)",
            "at most capacity Registration per class_id",
        ],
    ),
    (
        (
            "Parking lot: spots have a number and a type (car, motorcycle, truck). Vehicles "
            "have a plate which is unique. A ticket links a vehicle to a spot with an entry "
            "time and an exit time. A spot can only have one open ticket."
        ),
        [
            "Spot.number text",
            "Spot.type {car, motorcycle, truck}",
            "Vehicle.plate text unique",
            "Ticket.vehicle_id -> Vehicle",
            "Ticket.spot_id -> Spot",
            "Ticket.entry_time datetime",
            "Ticket.exit_time datetime",
            "Ticket.status {open, closed} = open",
            "unique Ticket(spot_id) where status equal open",
        ],
    ),
    (
        (
            "Support tickets: each ticket has a subject, description, priority (low, "
            "medium, high, urgent) and status which goes from open to in progress to "
            "resolved to closed. Closed tickets can't be changed. Each ticket is assigned "
            "to an agent. An agent can have at most 10 open tickets."
        ),
        [
            "Agent.name text",
            "Agent.email email unique",
            "Ticket.subject text",
            "Ticket.description long_text optional",
            "Ticket.priority {low, medium, high, urgent}",
            "Ticket.status {open, in_progress, resolved, closed} = open",
            "Ticket.agent_id -> Agent",
            (
                "steps Ticket.status from open: open>in_progress, "
                "in_progress>resolved, resolved>closed"
            ),
            "frozen Ticket where status equal closed",
            "at most 10 Ticket per agent_id where status equal open",
        ],
    ),
    (
        (
            "clinic. patients have name and birth date. doctors have name and speciality. "
            "appointment is with doctor and patient on date, not two appointments for same "
            "doctor on same date"
        ),
        [
            "Patient.name text",
            "Patient.birth_date date",
            "Doctor.name text",
            "Doctor.speciality text",
            "Appointment.doctor_id -> Doctor",
            "Appointment.date date",
            "Appointment.patient_id -> Patient",
            "unique Appointment(doctor_id, date)",
        ],
    ),
    (
        (
            "As a librarian I want to register books with title, author, ISBN so that I can "
            "find them. As a librarian I want to lend a book to a member. As a librarian I "
            "want that a book can only be lent to one member at a time."
        ),
        [
            "Book.title text",
            "Book.author text",
            "Book.isbn text",
            "Member.name text",
            "Member.email email unique",
            "Loan.book_id -> Book",
            "Loan.member_id -> Member",
            "Loan.loaned_date date = today",
            "Loan.due_date date",
            "Loan.returned_on date optional",
            "unique Loan(book_id) where returned_on is_empty",
        ],
    ),
    (
        (
            "Pet shop: pets (name, species: dog/cat/bird, age >= 0, price > 0, sold "
            "yes/no), customers (name, phone), sales link customer and pet. A pet can be "
            "sold only once."
        ),
        [
            "Pet.name text",
            "Pet.species {dog, cat, bird}",
            "Pet.age integer >= 0",
            "Pet.price decimal > 0",
            "Pet.sold boolean = false",
            "Customer.name text",
            "Customer.phone phone",
            "Sale.customer_id -> Customer",
            "Sale.pet_id -> Pet",
            "Sale.quantity integer >= 1",
            "Sale.amount decimal >= 0",
            "Sale.date date = today",
            "unique Sale(pet_id)",
        ],
    ),
    (
        (
            "Coworking space desk bookings: desk (code unique, floor), booking (desk, "
            "person, date). One booking per desk and day. A person may book only one desk "
            "per day."
        ),
        [
            "Desk.code text unique",
            "Desk.floor integer",
            "Person.name text",
            "Person.email email unique",
            "Booking.person_id -> Person",
            "Booking.date date",
            "Booking.desk_id -> Desk",
            "unique Booking(desk_id, date)",
            "unique Booking(person_id, date)",
        ],
    ),
    (
        (
            "A service for a bike sharing company. Bikes have a serial number and a status: "
            "available, rented, broken. Stations have a name and a capacity. A bike is at a "
            "station. A station can't hold more bikes than its capacity. Only available "
            "bikes can be rented."
        ),
        [
            "Station.name text",
            "Station.capacity integer >= 0",
            "Bike.serial_number text",
            "Bike.status {available, rented, broken} = available",
            "Bike.station_id -> Station",
            "at most capacity Bike per station_id",
            (
                "steps Bike.status: available>rented, available>broken, "
                "rented>available, rented>broken, broken>available"
            ),
        ],
    ),
    (
        (
            "Cars have a licence plate and daily rate. Customers have a name. Rentals have "
            "a car, a customer, a pick-up date and a return date. A car cannot be rented to "
            "two customers at overlapping dates."
        ),
        [
            "Car.licence_plate text",
            "Car.daily_rate decimal >= 0",
            "Customer.name text",
            "Rental.car_id -> Car",
            "Rental.pick_up_date date",
            "Rental.return_date date optional",
            "Rental.customer_id -> Customer",
            "no overlap Rental pick_up_date..return_date per car_id",
        ],
    ),
    (
        ("Users, rooms. Bookings of a room by a user with start and end time."),
        [
            "User.name text",
            "User.email email unique",
            "Room.name text unique",
            "Room.capacity integer >= 1",
            "Booking.room_id -> Room",
            "Booking.start_time datetime",
            "Booking.end_time datetime",
            "Booking.user_id -> User",
        ],
    ),
]


@pytest.mark.parametrize(("prompt", "expected"), READINGS, ids=lambda value: str(value)[:40])
def test_a_description_is_read_as_its_writer_meant_it(prompt: str, expected: list[str]) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert requirements.not_understood == ()


@pytest.mark.parametrize(
    ("prompt", "left_out"),
    [
        (
            (
                "Vehicle fleet: cars (plate, mileage), drivers (name), trips (car, start, end). "
                "A trip must not be longer than 8 hours."
            ),
            "A trip must not be longer than 8 hours",
        ),
        (
            (
                "Movie theater: movies, halls with a number of seats, showings of a movie in a "
                "hall at a start time with a price. Each seat can be sold only once per showing."
            ),
            "Each seat can be sold only once per showing",
        ),
        (
            (
                "Inventory: products with sku (unique), name, quantity that must not go below "
                "zero, price. Stock movements in and out change the quantity."
            ),
            "Stock movements in and out change the quantity",
        ),
    ],
)
def test_what_is_not_read_is_named(prompt: str, left_out: str) -> None:
    assert [unclear.text for unclear in understand(prompt).not_understood] == [left_out]


def test_limits_that_no_value_meets_are_named_and_not_built() -> None:
    requirements = understand("Items have a name and a score (at least 10, at most 5).")
    assert all(">= 10" not in line or "<= 5" not in line for line in sketch(requirements))
    assert any("No value meets" in unclear.reason for unclear in requirements.not_understood)
