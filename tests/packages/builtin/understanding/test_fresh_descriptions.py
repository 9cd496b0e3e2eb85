"""Descriptions in the styles of many people: notes in haste, signatures, stories, requirements."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str], list[str]]] = [
    (
        (
            "We are launching a meal-kit subscription. Please build the API. Customers sign "
            "up with name, email (unique) and delivery address. There are three plans: "
            "small, medium and large. A subscription belongs to a customer, has a plan, a "
            "start date and optionally an end date. Customers can have only one active "
            "subscription. Deliveries belong to a subscription and have a delivery date and "
            "a status (planned, shipped, delivered, failed). There must not be two "
            "deliveries for the same subscription on the same date."
        ),
        [
            "Customer.name text",
            "Customer.email email unique",
            "Customer.delivery_address text",
            "Subscription.customer_id -> Customer",
            "Subscription.plan {small, medium, large}",
            "Subscription.start_date date",
            "Subscription.end_date date optional",
            "Subscription.status {active, inactive} = active",
            "Delivery.subscription_id -> Subscription",
            "Delivery.delivery_date date",
            "Delivery.status {planned, shipped, delivered, failed} = planned",
            "unique Subscription(customer_id) where status equal active",
            "unique Delivery(subscription_id, delivery_date)",
        ],
        [],
    ),
    (
        (
            "Design a backend for managing a car park\n"
            "- Cars: licence plate (unique, required), colour, owner name\n"
            "- Parking spaces: number (unique), level (-3 to 5), is reserved (bool)\n"
            "- Parkings: car, space, entered at, left at (optional)\n"
            "Constraints:\n"
            "- left at must be later than entered at\n"
            "- a space can hold one car at a time\n"
            "- cars cannot be parked twice at the same time"
        ),
        [
            "Car.licence_plate text unique",
            "Car.colour text",
            "Car.owner_name text",
            "Level.name text unique",
            "Parking.space text",
            "Parking.entered_at datetime",
            "Parking.left_at datetime optional",
            "Parking.car_id -> Car",
            "Parking.left_at greater entered_at",
            "unique Parking(car_id) where left_at is_empty",
        ],
        [
            "-3 to 5",
            "Parking spaces: number (unique)",
            "is reserved (bool)",
            "a space can hold one car at a time",
        ],
    ),
    (
        (
            "As a coach, I want to register athletes (first name, last name, birth year) so "
            "I know who trains with me. As a coach, I want to plan training sessions with a "
            "date, a place and a duration between 15 and 240 minutes. As a coach I want to "
            "record which athlete attended which session. An athlete can attend a session "
            "only once."
        ),
        [
            "Athlete.first_name text",
            "Athlete.last_name text",
            "Athlete.birth_year integer >= 0",
            "TrainingSession.date date",
            "TrainingSession.place text",
            "TrainingSession.duration integer >= 15 <= 240",
            "Attendance.athlete_id -> Athlete",
            "Attendance.training_session_id -> TrainingSession",
            "Attendance.date date",
            "Attendance.present boolean = true",
            "unique Attendance(athlete_id, training_session_id)",
        ],
        [],
    ),
    (
        (
            "Entities:\n"
            "* Author(name: str, born: date)\n"
            "* Book(title: str, isbn: str unique, pages: int > 0, author: Author)\n"
            "* Copy(book: Book, shelf: str, condition: new|good|worn)\n"
            "Rules:\n"
            "* An author who has books can't be removed\n"
            "* max 10 copies per book"
        ),
        [
            "Author.name text",
            "Author.born date",
            "Book.title text",
            "Book.isbn text unique",
            "Book.pages integer > 0",
            "Book.author_id -> Author",
            "Copy.book_id -> Book",
            "Copy.shelf text",
            "Copy.condition {new, good, worn}",
            "keep Author while Book.author_id",
            "at most 10 Copy per book_id",
        ],
        [],
    ),
    (
        (
            "Online course platform. Instructors create courses. A course has a title, a "
            "description, a price that cannot be negative and a level "
            "(beginner/intermediate/advanced). Students enroll in courses; the enrollment "
            "date defaults to today. A student can't enroll twice in the same course. "
            "Courses contain lessons with a title, a position and a length in minutes. The "
            "position is unique within a course. A course with enrolled students can't be "
            "deleted."
        ),
        [
            "Student.name text",
            "Student.email email unique",
            "Instructor.name text",
            "Instructor.email email unique",
            "Course.title text",
            "Course.description long_text optional",
            "Course.price decimal >= 0",
            "Course.level {beginner, intermediate, advanced}",
            "Course.instructor_id -> Instructor",
            "Enrollment.student_id -> Student",
            "Enrollment.course_id -> Course",
            "Enrollment.enrolled_date date = today",
            "Lesson.title text",
            "Lesson.position integer",
            "Lesson.length decimal",
            "Lesson.course_id -> Course",
            "unique Enrollment(student_id, course_id)",
            "unique Lesson(position, course_id)",
            "keep Course while Enrollment.course_id",
        ],
        [],
    ),
    (
        (
            "service for tracking court cases. case: number (unique), title, opened date, "
            "closed date optional, status open/closed. hearings belong to a case: date and "
            "time, room, judge. a judge can't have two hearings at the same date and time. a "
            "room neither. no hearings for closed cases."
        ),
        [
            "Case.number text unique",
            "Case.title text",
            "Case.opened_date date",
            "Case.closed_date date optional",
            "Case.status {open, closed} = open",
            "Hearing.case_id -> Case",
            "Hearing.date_time datetime",
            "Hearing.room text",
            "Hearing.judge text",
            "unique Hearing(judge, date_time)",
            "unique Hearing(room, date_time)",
            "Hearing: then case_id.status not_equal closed on creation",
        ],
        [],
    ),
    (
        (
            "Backend for a small brewery: beers (name unique, style, abv between 0 and 15), "
            "batches (beer, brewed on, litres > 0, state fermenting/conditioning/bottled), "
            "tastings (batch, taster, score 1 to 10, notes optional). Only bottled batches "
            "may be tasted. One tasting per taster and batch. Average score per beer."
        ),
        [
            "Beer.name text unique",
            "Beer.style text",
            "Beer.abv integer >= 0 <= 15",
            "Batch.beer_id -> Beer",
            "Batch.brewed_on date",
            "Batch.litres decimal > 0",
            "Batch.state {fermenting, conditioning, bottled} = fermenting",
            "Tasting.batch_id -> Batch",
            "Tasting.taster text",
            "Tasting.score decimal >= 1 <= 10",
            "Tasting.notes long_text optional",
            "Tasting: then batch_id.state equal bottled on creation",
            "unique Tasting(taster, batch_id)",
        ],
        ["Average score per beer"],
    ),
    (
        (
            "build backend for dog walking. owners got name n phone. dogs got name, breed, "
            "owner. walkers got name n rating 1-5. walks: dog, walker, start time, minutes. "
            "walker cant walk more than 4 dogs at same time. minutes between 15 and 180"
        ),
        [
            "Owner.name text",
            "Owner.phone phone",
            "Dog.name text",
            "Dog.breed text",
            "Dog.owner_id -> Owner",
            "Walker.name text",
            "Walker.rating integer >= 1 <= 5",
            "Walk.start_time datetime",
            "Walk.minutes integer >= 15 <= 180",
            "Walk.dog_id -> Dog",
            "Walk.walker_id -> Walker",
        ],
        ["walker cant walk more than 4 dogs at same time"],
    ),
    (
        (
            'Model: Task {id, title: string(1..100), state: "todo" | "in-progress" | "done", '
            "priority?: 1-5, dueDate?: date, tags: string[]}\n"
            "Rules: state flow todo -> in-progress -> done. Done tasks need a completedAt "
            "date."
        ),
        [
            "Task.title text length 1..100",
            "Task.state {todo, in_progress, done} = todo",
            "Task.priority integer optional >= 1 <= 5",
            "Task.due_date date optional",
            "Task.tags text optional",
            "Task.completed_at_date date optional",
            "steps Task.state from todo: todo>in_progress, in_progress>done",
            "Task:when state equal done then completed_at_date is_set",
        ],
        [],
    ),
    (
        (
            "An API that stores measurements from weather stations. Stations have a code of "
            "5 uppercase letters, a latitude between -90 and 90 and a longitude between -180 "
            "and 180. Measurements have a station, a timestamp, a temperature in celsius "
            "from -80 to 60 and humidity in percent. Humidity must be between 0 and 100. "
            "There may be just one measurement per station and timestamp."
        ),
        [
            "Station.code text ^[A-Z]{5}$",
            "Station.latitude decimal >= -90 <= 90",
            "Station.longitude decimal >= -180 <= 180",
            "Measurement.station_id -> Station",
            "Measurement.timestamp datetime",
            "Measurement.temperature decimal >= -80 <= 60",
            "Measurement.humidity_in_percent decimal >= 0 <= 100",
            "unique Measurement(station_id, timestamp)",
        ],
        [],
    ),
    (
        (
            "Club membership management. Members: member number (unique), name, birth date "
            "(in the past), entry date (default today), exit date (optional, after entry "
            "date). Fees: member, year, amount, paid (default no). Only one fee per member "
            "and year. Fees of members who left can't be added."
        ),
        [
            "Member.member_number text unique",
            "Member.name text",
            "Member.birth_date date",
            "Member.entry_date date = today",
            "Member.exit_date date optional",
            "Fee.year integer >= 0",
            "Fee.amount decimal >= 0",
            "Fee.paid boolean = false",
            "Fee.member_id -> Member",
            "unique Fee(member_id, year)",
            "Member.exit_date greater entry_date",
            "Member.birth_date in past",
        ],
        ["Fees of members who left can't be added"],
    ),
    (
        (
            "Simple CRM. Leads have name, company, email, source (web, phone, fair) and "
            "stage. Stage: new -> contacted -> qualified -> won or lost. Won and lost leads "
            "can't be changed any more. Activities belong to a lead and have a type (call, "
            "mail, meeting), a date and notes. Number of leads per stage."
        ),
        [
            "Lead.name text",
            "Lead.company text",
            "Lead.email email",
            "Lead.source {web, phone, fair}",
            "Lead.stage {new, contacted, qualified, won, lost} = new",
            "Activity.lead_id -> Lead",
            "Activity.type {call, mail, meeting}",
            "Activity.date date",
            "Activity.notes long_text optional",
            (
                "steps Lead.stage from new: new>contacted, contacted>qualified, qualified>won, "
                "qualified>lost"
            ),
            "frozen Lead where stage in won lost",
            "count Lead per stage",
        ],
        [],
    ),
    (
        (
            "Auction house: lots (title, reserve price >= 0, status open/sold/withdrawn), "
            "bidders (name, paddle number unique), bids (lot, bidder, amount > 0, placed "
            "at). A bid must be at least the reserve price of the lot. No bids on lots that "
            "are sold or withdrawn."
        ),
        [
            "Lot.title text",
            "Lot.reserve_price decimal >= 0",
            "Lot.status {open, sold, withdrawn} = open",
            "Bidder.name text",
            "Bidder.paddle_number text unique",
            "Bid.lot_id -> Lot",
            "Bid.amount decimal > 0",
            "Bid.placed_at datetime",
            "Bid.bidder_id -> Bidder",
            "Bid.amount greater_or_equal lot_id.reserve_price",
            "Bid: then lot_id.status not_in sold withdrawn on creation",
        ],
        [],
    ),
    (
        (
            "- users: username (required, unique, 3-30 chars), email (required, unique), bio "
            "(max 500 chars)\n"
            "- photos: user, url, caption (max 200 chars), uploaded at\n"
            "- likes: user + photo, once per user and photo\n"
            "- comments: user, photo, text (1-1000 chars)\n"
            "A user can't follow themselves. follows: follower (user), followed (user)."
        ),
        [
            "User.username text unique length 3..30",
            "User.email email unique",
            "User.bio long_text optional length ..500",
            "Photo.url url",
            "Photo.caption text length ..200",
            "Photo.uploaded_at datetime",
            "Photo.user_id -> User",
            "Like.user_id -> User",
            "Like.photo_id -> Photo",
            "Comment.text long_text length 1..1000",
            "Comment.user_id -> User",
            "Comment.photo_id -> Photo",
            "Follow.follower_id -> User",
            "Follow.followed_id -> User",
            "Follow.follower_id not_equal followed_id",
            "unique Like(user_id, photo_id)",
        ],
        [],
    ),
    (
        (
            "Workshop bookings for a pottery studio. Workshops have a title, a date, a price "
            "and max participants. People book a workshop with their name, email and number "
            "of seats, at least one. The booked seats must not exceed max participants. "
            "Workshops in the past can't be booked."
        ),
        [
            "Workshop.title text",
            "Workshop.date date",
            "Workshop.price decimal >= 0",
            "Workshop.max_participants integer",
            "Person.name text",
            "Person.email email unique",
            "Booking.person_id -> Person",
            "Booking.workshop_id -> Workshop",
            "Booking.name text",
            "Booking.email email",
            "Booking.number_of_seats integer >= 0",
            "Booking.at_least_one text",
            "sum Booking.number_of_seats <= max_participants per workshop_id",
        ],
        ["Workshops in the past can't be booked"],
    ),
    (
        (
            "track my kids' chores. kids: name, age. chores: title, points 1-20. "
            "completions: kid, chore, date. a kid can't complete the same chore twice on one "
            "day. total points per kid."
        ),
        [
            "Chore.title text",
            "Chore.points integer >= 1 <= 20",
            "Kid.name text",
            "Kid.age integer >= 0",
            "Completion.date date",
            "Completion.kid_id -> Kid",
            "Completion.chore_id -> Chore",
            "unique Completion(kid_id, chore_id, date)",
        ],
        ["total points per kid"],
    ),
    (
        (
            "Build me an API for a food bank. Products have a name and a category. Stock "
            "entries have a product, a quantity (positive integer) and an expiry date. "
            "Expiry date must be in the future. Households have a name and a size (number of "
            "persons, 1-15). Distributions record the household, the product, the quantity "
            "and the date. A household can receive at most 10 distributions per month."
        ),
        [
            "Product.name text",
            "Product.category text",
            "StockEntry.product_id -> Product",
            "StockEntry.quantity integer > 0",
            "StockEntry.expiry_date date",
            "Household.name text",
            "Household.size integer >= 1 <= 15",
            "Distribution.household_id -> Household",
            "Distribution.quantity integer >= 0",
            "Distribution.date date",
            "Distribution.product_id -> Product",
            "at most 10 Distribution per household_id, date.month",
            "StockEntry.expiry_date in future",
        ],
        ["a size (number of persons, 1-15)"],
    ),
]


@pytest.mark.parametrize(
    ("prompt", "expected", "unread"), READINGS, ids=lambda value: str(value)[:40]
)
def test_a_description_is_read_field_by_field(
    prompt: str, expected: list[str], unread: list[str]
) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert [part.text for part in requirements.not_understood] == unread
