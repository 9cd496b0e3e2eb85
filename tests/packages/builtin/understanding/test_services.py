"""What descriptions of services are understood to mean, field by field and rule by rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumlayer.builtin.understanding import NotUnderstood, understand
from quantumlayer.qlayer.requirements import Requirements
from tests.packages.builtin.understanding.sketch import sketch

UNDERSTOOD: list[tuple[str, list[str]]] = [
    (
        (
            "A library service: books with title, author and isbn, members with name and "
            "email, loans that link a book to a member with a due date. Members can have at "
            "most 5 open loans."
        ),
        [
            "Book.title text",
            "Book.author text",
            "Book.isbn text",
            "Member.name text",
            "Member.email email",
            "Loan.book_id -> Book",
            "Loan.member_id -> Member",
            "Loan.due_date date",
            "Loan.returned_on date optional",
            "at most 5 Loan per member_id where returned_on is_empty",
        ],
    ),
    (
        (
            "Products have a name, a price (must not be negative) and a stock (integer). The "
            "name is unique."
        ),
        [
            "Product.name text unique",
            "Product.price decimal >= 0",
            "Product.stock integer >= 0",
        ],
    ),
    (
        (
            "Each task has a title, an optional description, a status (todo, doing, done), a "
            "due date and a priority from 1 to 5."
        ),
        [
            "Task.title text",
            "Task.description long_text optional",
            "Task.status {todo, doing, done} = todo",
            "Task.due_date date",
            "Task.priority integer >= 1 <= 5",
        ],
    ),
    (
        (
            "Tickets with subject and status. Status goes from open to in progress to closed. "
            "A closed ticket cannot be reopened."
        ),
        [
            "Ticket.subject text",
            "Ticket.status {open, in_progress, closed} = open",
            "steps Ticket.status from open: open>in_progress, in_progress>closed",
        ],
    ),
    (
        (
            "Invoices with number (unique), amount and status (draft, sent, paid). A paid "
            "invoice cannot be changed or deleted."
        ),
        [
            "Invoice.number text unique",
            "Invoice.amount decimal >= 0",
            "Invoice.status {draft, sent, paid} = draft",
            "frozen Invoice where status equal paid undeletable",
        ],
    ),
    (
        (
            "Courses with title and capacity, students with name and unique email, students "
            "enrol in courses. A course cannot have more enrolments than its capacity. A "
            "student cannot enrol twice in the same course."
        ),
        [
            "Course.title text",
            "Course.capacity integer >= 0",
            "Student.name text",
            "Student.email email unique",
            "Enrollment.student_id -> Student",
            "Enrollment.course_id -> Course",
            "Enrollment.enrolled_date date = today",
            "unique Enrollment(student_id, course_id)",
            "at most capacity Enrollment per course_id",
        ],
    ),
    (
        (
            "Rooms with name. Bookings with room, start time and end time. Bookings of the "
            "same room must not overlap. The end must be after the start."
        ),
        [
            "Room.name text",
            "Booking.room_id -> Room",
            "Booking.start_time datetime",
            "Booking.end_time datetime",
            "no overlap Booking start_time..end_time per room_id",
            "Booking.end_time greater start_time",
        ],
    ),
    (
        (
            "Employees with name and email, departments with name. Each employee belongs to a "
            "department. A department cannot be deleted while it has employees."
        ),
        [
            "Department.name text",
            "Employee.name text",
            "Employee.email email",
            "Employee.department_id -> Department",
            "keep Department while Employee.department_id",
        ],
    ),
    (
        (
            "Events with name, date and capacity. The date must be in the future. Tickets "
            "belong to an event and have a seat number. No two tickets of the same event may "
            "have the same seat number."
        ),
        [
            "Event.name text",
            "Event.date date",
            "Event.capacity integer >= 0",
            "Ticket.event_id -> Event",
            "Ticket.seat_number text",
            "unique Ticket(event_id, seat_number)",
            "Event.date in future",
        ],
    ),
    (
        "Blog: posts with title and body, comments with text and author. A post has many comments.",
        [
            "Post.title text",
            "Post.body long_text",
            "Comment.text long_text",
            "Comment.author text",
            "Comment.post_id -> Post",
        ],
    ),
    (
        (
            "Track expenses: amount, category (food, travel, other), date, note. Amount must "
            "be positive. Show total per category."
        ),
        [
            "Expense.amount decimal > 0",
            "Expense.category {food, travel, other}",
            "Expense.date date",
            "Expense.note long_text optional",
            "sum Expense.amount per category",
        ],
    ),
    (
        "a todo app",
        [
            "Task.title text",
            "Task.description long_text optional",
            "Task.status {todo, doing, done} = todo",
            "Task.due_date date optional",
            "Task.priority integer >= 1 <= 5 = 3",
        ],
    ),
    (
        "a URL shortener",
        [
            "Link.code text unique length 4..20",
            "Link.target_url url",
            "Link.title text optional",
            "Link.created_at datetime = now",
            "Visit.link_id -> Link",
            "Visit.visited_at datetime = now",
            "count Visit per link_id",
        ],
    ),
    (
        (
            "Work logs: employee name, date and hours. The total hours per employee per day "
            "must not exceed 24."
        ),
        [
            "WorkLog.employee_name text",
            "WorkLog.date date",
            "WorkLog.hours decimal >= 0",
            "sum WorkLog.hours <= 24 per employee_name, date",
        ],
    ),
    (
        "user: name string, email string unique, age int. order: total decimal, user",
        [
            "User.name text",
            "User.email text unique",
            "User.age integer >= 0",
            "Order.total decimal >= 0",
            "Order.user_id -> User",
        ],
    ),
    (
        "Authors have a name. Books have a title, an isbn of exactly 13 digits and an author.",
        [
            "Author.name text",
            "Book.title text",
            "Book.isbn text ^[0-9]{13}$",
            "Book.author_id -> Author",
        ],
    ),
    (
        (
            "Employees with name and email, departments with name. Each employee belongs to a "
            "department. A department cannot be deleted while it has employees."
        ),
        [
            "Department.name text",
            "Employee.name text",
            "Employee.email email",
            "Employee.department_id -> Department",
            "keep Department while Employee.department_id",
        ],
    ),
    (
        (
            "Members with name. Loans of a member with a status (open, returned). A member "
            "cannot be deleted while they have open loans."
        ),
        [
            "Member.name text",
            "Loan.member_id -> Member",
            "Loan.status {open, returned} = open",
            "keep Member while Loan.member_id where status equal open",
        ],
    ),
    (
        "Expenses have an amount, a category and a date. Show the total amount per category.",
        [
            "Expense.amount decimal >= 0",
            "Expense.category text",
            "Expense.date date",
            "sum Expense.amount per category",
        ],
    ),
    (
        (
            "Track expenses: amount, category (food, travel, other), date. Show the total "
            "amount per category."
        ),
        [
            "Expense.amount decimal >= 0",
            "Expense.category {food, travel, other}",
            "Expense.date date",
            "sum Expense.amount per category",
        ],
    ),
    (
        (
            "Tickets belong to an event and have a seat number. Events have a name. The seat "
            "number is unique per event."
        ),
        [
            "Event.name text",
            "Ticket.event_id -> Event",
            "Ticket.seat_number text",
            "unique Ticket(seat_number, event_id)",
        ],
    ),
    (
        (
            "Two tickets of the same event cannot have the same seat number. Tickets belong "
            "to an event and have a seat number. Events have a name."
        ),
        [
            "Event.name text",
            "Ticket.event_id -> Event",
            "Ticket.seat_number text",
            "unique Ticket(event_id, seat_number)",
        ],
    ),
    (
        (
            "Doctors with name. Appointments with doctor and date. A doctor cannot have two "
            "appointments on the same date."
        ),
        [
            "Doctor.name text",
            "Appointment.doctor_id -> Doctor",
            "Appointment.date date",
            "unique Appointment(doctor_id, date)",
        ],
    ),
]


@pytest.mark.parametrize(("prompt", "expected"), UNDERSTOOD, ids=lambda value: str(value)[:40])
def test_a_description_is_understood_in_every_field_and_rule(
    prompt: str, expected: list[str]
) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert requirements.not_understood == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "Write me a poem about the sea",
        "Write a story about a dragon.",
        "asdf qwer zxcv",
        "train a neural network to recognise cats",
        "a 3D game with zombies",
        "What is the capital of France?",
        "hello",
    ],
)
def test_what_cannot_be_built_is_refused_with_what_can_be(prompt: str) -> None:
    with pytest.raises(NotUnderstood, match="builds HTTP services"):
        understand(prompt)


def test_what_is_asked_for_and_not_built_is_quoted_and_the_rest_is_built() -> None:
    requirements = understand(
        "Products have a name and a price. Customers pay with Stripe and get an email."
    )

    assert "Product.price decimal >= 0" in sketch(requirements)
    assert [each.text for each in requirements.not_understood] == [
        "Customers pay with Stripe and get an email"
    ]


def test_the_same_prompt_always_means_the_same() -> None:
    prompt = UNDERSTOOD[0][0]
    assert understand(prompt) == understand(prompt)


WORDS = sorted({word for prompt, _ in UNDERSTOOD for word in prompt.split()})
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(TEXTS)
def test_any_text_is_understood_or_refused_and_never_breaks(text: str) -> None:
    try:
        requirements = understand(text)
    except NotUnderstood as refusal:
        assert str(refusal)
    else:
        assert Requirements.model_validate_json(requirements.model_dump_json()) == requirements
