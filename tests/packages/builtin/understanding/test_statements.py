"""Sentences that say several things at once, and rules that stand in lists."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str], list[str]]] = [
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
            "Vehicle fleet: cars (plate, make, model, mileage), drivers (name, license "
            "number), trips (car, driver, start, end, distance). A car cannot be on two "
            "trips at the same time. Neither can a driver."
        ),
        [
            "Car.plate text",
            "Car.make text",
            "Car.model text",
            "Car.mileage decimal",
            "Driver.name text",
            "Driver.license_number text",
            "Trip.car_id -> Car",
            "Trip.start datetime",
            "Trip.end datetime",
            "Trip.distance decimal >= 0",
            "Trip.driver_id -> Driver",
            "no overlap Trip start..end per car_id",
            "no overlap Trip start..end per driver_id",
        ],
        [],
    ),
    (
        (
            "Build a backend for a food delivery app. Restaurants have a name and address. "
            "Menu items belong to a restaurant and have a name and a price greater than 0. "
            "Orders belong to a customer and a restaurant and have a status: placed, "
            "preparing, delivered or cancelled. An order has many order items with a "
            "quantity of at least 1."
        ),
        [
            "Restaurant.name text",
            "Restaurant.address text",
            "MenuItem.restaurant_id -> Restaurant",
            "MenuItem.name text",
            "MenuItem.price decimal > 0",
            "Customer.name text",
            "Customer.email email unique",
            "Customer.phone phone optional",
            "Order.customer_id -> Customer",
            "Order.restaurant_id -> Restaurant",
            "Order.status {placed, preparing, delivered, cancelled} = placed",
            "OrderItem.order_id -> Order",
            "OrderItem.quantity integer >= 1",
        ],
        [],
    ),
    (
        (
            "Todo list backend. Lists have a name. Tasks belong to a list, have title (1-200 "
            "chars), notes, due date, done. A list can contain max. 50 open tasks. Done "
            "tasks can't be edited, only deleted."
        ),
        [
            "ListRecord.name text",
            "Task.list_id -> ListRecord",
            "Task.title text length 1..200",
            "Task.notes long_text optional",
            "Task.due_date date",
            "Task.done boolean = false",
            "at most 50 Task per list_id where done equal false",
            "frozen Task where done equal true",
        ],
        [],
    ),
    (
        (
            "Podcast app: shows: title, host; episodes: show, number, title, duration "
            "seconds > 0, published at. Episode number unique per show. "
        ),
        [
            "Show.title text",
            "Show.host text",
            "Episode.number text",
            "Episode.title text",
            "Episode.duration_seconds integer > 0",
            "Episode.published_at datetime optional",
            "Episode.show_id -> Show",
            "unique Episode(number, show_id)",
        ],
        [],
    ),
    (
        (
            "API that manages a fleet of electric scooters. Scooter: code (unique), battery "
            "(0-100), status (available, in use, charging, lost). Ride: scooter, rider, "
            "start time, end time, distance km. A scooter with a battery below 20 can't be "
            "rented. A scooter can only be in one ride at a time. End time must be later "
            "than start time."
        ),
        [
            "Scooter.code text unique",
            "Scooter.battery integer >= 0 <= 100",
            "Scooter.status {available, in_use, charging, lost} = available",
            "Ride.rider text",
            "Ride.start_time datetime",
            "Ride.end_time datetime",
            "Ride.distance_km decimal >= 0",
            "Ride.scooter_id -> Scooter",
            "Ride: then scooter_id.battery greater_or_equal 20 on creation",
            "no overlap Ride start_time..end_time per scooter_id",
            "Ride.end_time greater start_time",
        ],
        [],
    ),
    (
        (
            "Movie ratings. Users have a username. Movies have a title and a release year "
            "(not before 1888). Users rate movies with 1 to 10 stars. A user can rate a "
            "movie only once."
        ),
        [
            "User.username text",
            "Movie.title text",
            "Movie.release_year integer >= 1888",
            "Rating.user_id -> User",
            "Rating.movie_id -> Movie",
            "Rating.stars integer >= 1 <= 10",
            "unique Rating(user_id, movie_id)",
        ],
        [],
    ),
    (
        (
            "Grades are between 1 and 6, given to a pupil in a subject on a date. Pupils "
            "have a name. Subjects have a name. Average grade per pupil."
        ),
        [
            "Pupil.name text",
            "Subject.name text",
            "Grade.date date",
            "Grade.pupil_id -> Pupil",
            "Grade.subject_id -> Subject",
            "Grade.value decimal >= 1 <= 6",
            "average Grade.value per pupil_id",
        ],
        [],
    ),
    (
        (
            "Payments API. A payment belongs to an invoice, has an amount (decimal, min "
            "0.01, max 10000), currency (EUR, USD, GBP), method (card|transfer|cash) and "
            "paid at timestamp. Invoices: number (format INV-0000), customer name, total. "
            "The sum of payments of an invoice must not exceed the invoice total."
        ),
        [
            "Invoice.number text ^[A-Z]{3}\\-[0-9]{4}$",
            "Invoice.customer_name text",
            "Invoice.total decimal >= 0",
            "Payment.invoice_id -> Invoice",
            "Payment.amount decimal >= 0.01 <= 10000",
            "Payment.currency {eur, usd, gbp}",
            "Payment.method {card, transfer, cash}",
            "Payment.paid_at datetime optional",
            "sum Payment.amount <= total per invoice_id",
        ],
        [],
    ),
    (
        (
            "We need to track pallets in our cold storage. Each pallet: barcode (unique), "
            "product, weight kg (max 1200), temperature between -30 and 5, received at, "
            "shipped at (optional). Shipped at must be after received at. Once shipped, a "
            "pallet cannot be changed."
        ),
        [
            "ColdStorage.name text unique",
            "Pallet.cold_storage_id -> ColdStorage",
            "Pallet.barcode text unique",
            "Pallet.product text",
            "Pallet.weight_kg decimal >= 0 <= 1200",
            "Pallet.temperature decimal >= -30 <= 5",
            "Pallet.received_at datetime",
            "Pallet.shipped_at datetime optional",
            "Pallet.shipped_at greater received_at",
            "frozen Pallet where shipped_at is_set",
        ],
        [],
    ),
    (
        (
            "Employees request vacations: employee, from, to, days (1..30), state "
            "requested/approved/denied. Vacations of one employee may never overlap. "
            "Approved vacations are read-only. No employee may take more than 30 days per "
            "year."
        ),
        [
            "Employee.name text",
            "Employee.email email unique",
            "Employee.position_title text optional",
            "Vacation.employee_id -> Employee",
            "Vacation.from_value datetime",
            "Vacation.to datetime",
            "Vacation.days integer >= 1 <= 30",
            "Vacation.state {requested, approved, denied} = requested",
            "no overlap Vacation from_value..to per employee_id",
            "frozen Vacation where state equal approved",
            "sum Vacation.days <= 30 per employee_id, from_value.year",
        ],
        [],
    ),
    (
        (
            "Please write a REST service in Python for an escape room company: rooms (name, "
            "difficulty 1-5, min players, max players), bookings (room, team name, players, "
            "date, slot: morning/afternoon/evening). The number of players has to be between "
            "the room's min players and max players. The same room can't be booked twice for "
            "the same date and slot."
        ),
        [
            "Room.name text",
            "Room.difficulty integer >= 1 <= 5",
            "Room.min_players integer",
            "Room.max_players integer",
            "Booking.room_id -> Room",
            "Booking.team_name text",
            "Booking.players integer",
            "Booking.date date",
            "Booking.slot {morning, afternoon, evening}",
            "Booking.players greater_or_equal room_id.min_players",
            "Booking.players less_or_equal room_id.max_players",
            "unique Booking(room_id, date, slot)",
        ],
        [],
    ),
    (
        (
            "CRUD API for contacts: first name, last name, email (valid, unique), phone "
            "(optional), birthday (not in the future), favourite flag"
        ),
        [
            "Contact.first_name text",
            "Contact.last_name text",
            "Contact.email email unique",
            "Contact.phone phone optional",
            "Contact.birthday date",
            "Contact.favourite boolean = false",
            "Contact.birthday in past_or_today",
        ],
        [],
    ),
    (
        (
            "The app stores flights. A flight has a flight number (2 letters and 3-4 "
            "digits), origin, destination, departure and arrival time and a number of seats. "
            "Origin and destination must differ. Arrival must be after departure. Passengers "
            "book flights; a passenger can book the same flight only once; no more bookings "
            "than seats."
        ),
        [
            "Flight.flight_number text ^[A-Za-z]{2}[0-9]{3,4}$",
            "Flight.origin text",
            "Flight.destination text",
            "Flight.departure_time datetime",
            "Flight.arrival_time datetime",
            "Flight.number_of_seats integer >= 0",
            "Passenger.name text unique",
            "Booking.passenger_id -> Passenger",
            "Booking.flight_id -> Flight",
            "Flight.origin not_equal destination",
            "Flight.arrival_time greater departure_time",
            "unique Booking(passenger_id, flight_id)",
            "at most number_of_seats Booking per flight_id",
        ],
        [],
    ),
    (
        (
            "Build an API for a coworking space where members (name, email unique, plan: "
            "day/flex/fixed) reserve desks (code unique, floor number, monitor yes or no) "
            "for a day. One reservation per desk per day and one per member per day. "
            "Reservations can't be made for past days."
        ),
        [
            "Member.name text",
            "Member.email email unique",
            "Member.plan {day, flex, fixed}",
            "Desk.code text unique",
            "Desk.floor_number text",
            "Desk.monitor boolean = false",
            "Reservation.member_id -> Member",
            "Reservation.desk_id -> Desk",
            "Reservation.date date",
            "unique Reservation(desk_id, date)",
            "unique Reservation(member_id, date)",
            "Reservation.date in future_or_today",
        ],
        [],
    ),
    (
        (
            "Bakery orders: customers (name, phone), cakes (name, price), orders from a "
            "customer for a cake with quantity (1 to 20), pickup date and paid flag. No "
            "orders for a pickup date in the past. At most 30 orders per pickup date."
        ),
        [
            "Customer.name text",
            "Customer.phone phone",
            "Cake.name text",
            "Cake.price decimal >= 0",
            "Order.customer_id -> Customer",
            "Order.quantity integer >= 1 <= 20",
            "Order.pickup_date date",
            "Order.paid boolean = false",
            "Order.cake_id -> Cake",
            "at most 30 Order per pickup_date",
            "Order.pickup_date in future_or_today",
        ],
        [],
    ),
    (
        (
            "Microservice for feature flags. A flag has a key (unique, lowercase letters, "
            "digits and dashes), description, enabled (default false) and rollout percentage "
            "0-100 default 0. Environments have a unique name. Each flag can have an "
            "override per environment: flag, environment, enabled. Only one override per "
            "flag and environment."
        ),
        [
            "Environment.name text unique",
            "Flag.key_value text unique ^[a-z0-9\\-]+$",
            "Flag.description long_text optional",
            "Flag.enabled boolean = false",
            "Flag.rollout_percentage decimal >= 0 <= 100 = 0",
            "Flag.override_per_environment boolean = false",
            "Flag.environment_id -> Environment",
            "Override.flag_id -> Flag",
            "Override.environment_id -> Environment",
            "unique Override(flag_id, environment_id)",
        ],
        [],
    ),
    (
        ("API for books with title and available flag. Only available books can be lent."),
        [
            "Book.title text",
            "Book.available boolean = false",
            "Loan.book_id -> Book",
            "Loan.loaned_date date = today",
            "Loan.due_date date",
            "Loan: then book_id.available equal true on creation",
        ],
        [],
    ),
    (
        (
            "Survey tool; surveys: title, open until; questions: text, survey; answers: "
            "question, respondent, rating 1-5; one answer per respondent and question"
        ),
        [
            "Survey.title text",
            "Survey.open_until text",
            "Question.text long_text",
            "Question.survey_id -> Survey",
            "Answer.respondent text",
            "Answer.rating integer >= 1 <= 5",
            "Answer.question_id -> Question",
            "unique Answer(respondent, question_id)",
        ],
        [],
    ),
    (
        ("a tool to keep my recipes: recipes (title, minutes), ingredients (name, amount, recipe)"),
        [
            "Recipe.title text",
            "Recipe.minutes integer >= 0",
            "Ingredient.name text",
            "Ingredient.amount decimal >= 0",
            "Ingredient.recipe_id -> Recipe",
        ],
        [],
    ),
]


@pytest.mark.parametrize(
    ("prompt", "expected", "unread"), READINGS, ids=lambda value: str(value)[:40]
)
def test_all_that_a_sentence_says_is_read(
    prompt: str, expected: list[str], unread: list[str]
) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert [part.text for part in requirements.not_understood] == unread
