"""Fields and rules in the notations of their writers: schemas, signatures, arrows, short hand."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str], list[str]]] = [
    (
        (
            "We need an API for our debating society: debaters (name, email), motions (text, "
            "between 10 and 300 characters), debates (motion, date, room), speeches (debate, "
            "debater, side: pro or con, minutes 1-10). A debater can give only one speech "
            "per debate. At most 3 speeches per side in a debate."
        ),
        [
            "Debater.name text",
            "Debater.email email",
            "Motion.text long_text length 10..300",
            "Debate.motion_id -> Motion",
            "Debate.date date",
            "Debate.room text",
            "Speech.debate_id -> Debate",
            "Speech.side {pro, con}",
            "Speech.minutes integer >= 1 <= 10",
            "Speech.debater_id -> Debater",
            "unique Speech(debater_id, debate_id)",
            "at most 3 Speech per side, debate_id",
        ],
        [],
    ),
    (
        (
            "Create a backend for a nail salon. Services: name, duration in minutes (15 to "
            "180), price. Staff: name, phone. Appointments: customer name, customer phone, "
            "service, staff member, start time, end time. No two appointments of the same "
            "staff member may overlap."
        ),
        [
            "Service.name text",
            "Service.duration integer >= 15 <= 180",
            "Service.price decimal >= 0",
            "Staff.name text",
            "Staff.phone phone",
            "Appointment.customer_name text",
            "Appointment.customer_phone phone",
            "Appointment.start_time datetime",
            "Appointment.end_time datetime",
            "Appointment.service_id -> Service",
            "Appointment.staff_member_id -> Staff",
            "no overlap Appointment start_time..end_time per staff_member_id",
        ],
        [],
    ),
    (
        (
            "Order management:\n"
            "Customer { name: string, email: string @unique }\n"
            "Product { sku: string @unique, name: string, price: decimal, active: boolean = "
            "true }\n"
            "Order { customer: Customer, createdAt: datetime, status: enum(open, paid, "
            "shipped) }\n"
            "OrderLine { order: Order, product: Product, quantity: int }\n"
            "Rules: quantity >= 1. Only active products can be ordered. Paid orders can't be "
            "deleted."
        ),
        [
            "Customer.name text",
            "Customer.email text unique",
            "Product.sku text unique",
            "Product.name text",
            "Product.price decimal >= 0",
            "Product.active boolean = true",
            "Order.customer_id -> Customer",
            "Order.created_at datetime = now",
            "Order.status {open, paid, shipped} = open",
            "OrderLine.order_id -> Order",
            "OrderLine.product_id -> Product",
            "OrderLine.quantity integer >= 1",
            "OrderLine: then product_id.active equal true on creation",
            "undeletable Order where status equal paid",
        ],
        [],
    ),
    (
        (
            "Hackathon: teams with unique names and a maximum of 5 members, participants "
            "with name, email (unique) and team, projects with title, team, repository url. "
            "Each team can submit only one project."
        ),
        [
            "Team.name text unique",
            "Participant.name text",
            "Participant.email email unique",
            "Participant.team_id -> Team",
            "Project.title text",
            "Project.repository_url url",
            "Project.team_id -> Team",
            "unique Project(team_id)",
        ],
        ["a team can have at most 5 members"],
    ),
    (
        (
            "Shipping: packages have tracking code (unique), weight in kg up to 30, status "
            "registered -> in transit -> delivered or lost. Events belong to a package and "
            "have a time, a place and a text. Delivered packages cannot be changed."
        ),
        [
            "Package.tracking_code text unique",
            "Package.weight decimal >= 0 <= 30",
            "Package.status {registered, in_transit, delivered, lost} = registered",
            "Event.package_id -> Package",
            "Event.time time",
            "Event.place text",
            "Event.text long_text",
            (
                "steps Package.status from registered: registered>in_transit, "
                "in_transit>delivered, in_transit>lost"
            ),
            "frozen Package where status equal delivered",
        ],
        [],
    ),
    (
        (
            "Employees: first name, last name, email (unique, valid), hire date, salary (min "
            "0), manager (another employee, optional). Departments: name unique, head "
            "(employee). An employee belongs to one department. An employee can't be his own "
            "manager."
        ),
        [
            "Employee.first_name text",
            "Employee.last_name text",
            "Employee.email email unique",
            "Employee.hire_date date",
            "Employee.salary decimal >= 0",
            "Employee.manager_id -> Employee optional",
            "Department.name text unique",
            "Department.head_id -> Employee",
        ],
        ["An employee can't be his own manager"],
    ),
    (
        (
            "A museum wants to manage exhibits, rooms and guided tours. Exhibits have an "
            "inventory number, a title, a year and a room. Guided tours have a guide name, a "
            "language (de, en, fr), a start time and max visitors. Visitors sign up for "
            "tours with a name and group size. The sum of group sizes must not exceed the "
            "max visitors of the tour."
        ),
        [
            "Room.name text unique",
            "Room.capacity integer >= 1",
            "Exhibit.inventory_number text",
            "Exhibit.title text",
            "Exhibit.year integer >= 0",
            "Exhibit.room_id -> Room",
            "GuidedTour.guide_name text",
            "GuidedTour.language {de, en, fr}",
            "GuidedTour.start_time datetime",
            "GuidedTour.max_visitors integer",
            "Visitor.name text unique",
            "Registration.visitor_id -> Visitor",
            "Registration.guided_tour_id -> GuidedTour",
            "Registration.name text",
            "Registration.group_size integer",
            "unique Registration(visitor_id, guided_tour_id)",
            "sum Registration.group_size <= max_visitors per guided_tour_id",
        ],
        [],
    ),
    (
        (
            "please make backend, students can borrow laptops from school. laptop has serial "
            "(unique) and model. student has name, class. loan has laptop, student, from "
            "date, till date. one laptop can not be loaned to two students in same time. "
            "student can have only one laptop"
        ),
        [
            "Laptop.serial text unique",
            "Laptop.model text",
            "Student.name text",
            "Student.class_value text",
            "Loan.laptop_id -> Laptop",
            "Loan.from_date date",
            "Loan.till_date date",
            "Loan.student_id -> Student",
            "no overlap Loan from_date..till_date per laptop_id",
            "no overlap Loan from_date..till_date per student_id",
        ],
        ["students can borrow laptops from school"],
    ),
    (
        (
            "Vacation house swap: houses (address, beds 1-20, owner name), swaps (house a, "
            "house b, from, to). House a and house b must not be the same. from before to. A "
            "house can't be in two swaps at the same time."
        ),
        [
            "House.address text",
            "House.beds integer >= 1 <= 20",
            "House.owner_name text",
            "Swap.from_value datetime",
            "Swap.to datetime",
            "Swap.house_a_id -> House",
            "Swap.house_b_id -> House",
            "Swap.house_a_id not_equal house_b_id",
            "Swap.from_value less to",
        ],
        ["A house can't be in two swaps at the same time"],
    ),
    (
        (
            "Piggy bank for kids: kids (name, birthday), transactions (kid, type "
            "deposit/withdrawal, amount > 0, date, note). The amount of a transaction must "
            "not be more than 100. Transactions can't be changed or deleted."
        ),
        [
            "Kid.name text",
            "Kid.birthday date",
            "Transaction.kid_id -> Kid",
            "Transaction.type {deposit, withdrawal}",
            "Transaction.amount decimal > 0 <= 100",
            "Transaction.date date",
            "Transaction.note long_text optional",
            "frozen Transaction(kid_id, type, amount, date, note) undeletable",
        ],
        [],
    ),
    (
        (
            "An API to keep track of library fines\n"
            "- member: name, card number (8 digits, unique)\n"
            "- fine: member, amount (0.10 to 500), reason, issued on (default today), paid "
            "(default false)\n"
            "- a member with unpaid fines cannot be deleted\n"
            "- paid fines cannot be modified"
        ),
        [
            "Member.name text",
            "Member.card_number text unique ^[0-9]{8}$",
            "Fine.amount decimal >= 0.10 <= 500",
            "Fine.reason long_text",
            "Fine.issued_on date = today",
            "Fine.paid boolean = false",
            "Fine.member_id -> Member",
            "keep Member while Fine.member_id where paid equal false",
            "frozen Fine where paid equal true",
        ],
        [],
    ),
    (
        (
            "Backend for tracking blood pressure. Patients have a name and date of birth. "
            "Readings belong to a patient: systolic (60-250), diastolic (30-150), pulse "
            "(30-220), measured at. Systolic must be higher than diastolic. A reading can't "
            "be in the future. Average systolic per patient."
        ),
        [
            "Patient.name text",
            "Patient.date_of_birth date",
            "Reading.patient_id -> Patient",
            "Reading.systolic integer >= 60 <= 250",
            "Reading.diastolic integer >= 30 <= 150",
            "Reading.pulse integer >= 30 <= 220",
            "Reading.measured_at datetime",
            "Reading.systolic greater diastolic",
            "Reading.measured_at in past_or_today",
            "average Reading.systolic per patient_id",
        ],
        [],
    ),
]


@pytest.mark.parametrize(
    ("prompt", "expected", "unread"), READINGS, ids=lambda value: str(value)[:40]
)
def test_a_notation_of_fields_is_read(prompt: str, expected: list[str], unread: list[str]) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert [part.text for part in requirements.not_understood] == unread
