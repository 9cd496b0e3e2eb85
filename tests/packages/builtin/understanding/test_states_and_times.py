"""Lists in openings, paths of states, what does not count, and who can do one thing at a time."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str]]] = [
    ("REST API for notes with title and text", ["Note.title text", "Note.text long_text"]),
    (
        "An API for classes (name, duration in minutes between 15 and 180, capacity).",
        [
            "ClassRecord.name text",
            "ClassRecord.duration integer >= 15 <= 180",
            "ClassRecord.capacity integer >= 0",
        ],
    ),
    (
        (
            "Backend for gym classes (name, trainer, capacity between 1 and 30) and rooms "
            "(number unique)."
        ),
        [
            "GymClass.name text",
            "GymClass.trainer text",
            "GymClass.capacity integer >= 1 <= 30",
            "Room.number text unique",
        ],
    ),
    (
        (
            "Tickets have a title. A ticket's status moves from open to in progress to done, "
            "and from done back to open."
        ),
        [
            "Ticket.title text",
            "Ticket.status {open, in_progress, done} = open",
            "steps Ticket.status from open: open>in_progress, in_progress>done, done>open",
        ],
    ),
    (
        (
            "Orders have a number. The status of an order goes from new to paid to shipped, "
            "cancelled only from new or paid."
        ),
        [
            "Order.number text",
            "Order.status {new, paid, shipped, cancelled} = new",
            "steps Order.status from new: new>paid, paid>shipped, new>cancelled, paid>cancelled",
        ],
    ),
    (
        (
            "Invoices have a number. Invoice state: draft -> sent -> paid; cancelled only "
            "from draft or sent."
        ),
        [
            "Invoice.number text",
            "Invoice.state {draft, sent, paid, cancelled} = draft",
            (
                "steps Invoice.state from draft: draft>sent, sent>paid, draft>cancelled, "
                "sent>cancelled"
            ),
        ],
    ),
    (
        (
            "Bookings have a room, a start datetime, an end datetime and a status (booked, "
            "cancelled). Not cancelled bookings of a room must not overlap."
        ),
        [
            "Booking.room text",
            "Booking.start datetime",
            "Booking.end datetime",
            "Booking.status {booked, cancelled} = booked",
            "no overlap Booking start..end per room where status not_equal cancelled",
        ],
    ),
    (
        (
            "Bookings have a room, a start datetime, an end datetime and a status (booked, "
            "cancelled). Bookings of a room that are not cancelled must not overlap."
        ),
        [
            "Booking.room text",
            "Booking.start datetime",
            "Booking.end datetime",
            "Booking.status {booked, cancelled} = booked",
            "no overlap Booking start..end per room where status not_equal cancelled",
        ],
    ),
    (
        (
            "Bookings have a room, a start datetime, an end datetime and a status (booked, "
            "cancelled). Bookings of the same room cannot overlap unless they are cancelled."
        ),
        [
            "Booking.room text",
            "Booking.start datetime",
            "Booking.end datetime",
            "Booking.status {booked, cancelled} = booked",
            "no overlap Booking start..end per room where status not_equal cancelled",
        ],
    ),
    (
        (
            "Bookings have a room, a start datetime, an end datetime and a status (booked, "
            "cancelled). Bookings of a room must not overlap; cancelled bookings do not "
            "count."
        ),
        [
            "Booking.room text",
            "Booking.start datetime",
            "Booking.end datetime",
            "Booking.status {booked, cancelled} = booked",
            "no overlap Booking start..end per room where status not_equal cancelled",
        ],
    ),
    (
        (
            "Members have a name. Loans have a member, a book and a returned flag. A member "
            "can have at most 3 not returned loans."
        ),
        [
            "Member.name text",
            "Loan.member_id -> Member",
            "Loan.book text",
            "Loan.returned boolean = false",
            "at most 3 Loan per member_id where returned equal false",
        ],
    ),
    (
        (
            "A member can have at most 3 loans. Loans have a member, a book and a status "
            "(open, returned). Returned loans are not counted."
        ),
        [
            "Member.name text",
            "Member.email email unique",
            "Loan.member_id -> Member",
            "Loan.book text",
            "Loan.status {open, returned} = open",
            "at most 3 Loan per member_id where status not_equal returned",
        ],
    ),
    (
        (
            "Appointments have a patient, a dentist and a start time. One dentist cannot have"
            " two appointments at the same time. Appointments can not be made in the past."
        ),
        [
            "Appointment.patient text",
            "Appointment.dentist text",
            "Appointment.start_time datetime",
            "unique Appointment(dentist, start_time)",
            "Appointment.start_time in future_or_today",
        ],
    ),
    (
        (
            "Appointments have a doctor name and a date. No two appointments of the same "
            "doctor at the same time."
        ),
        [
            "Appointment.doctor_name text",
            "Appointment.date date",
            "unique Appointment(doctor_name, date)",
        ],
    ),
    (
        (
            "appointment have patient, dentist, date time, reason. one dentist no two "
            "appointment same time. can not make appointment in past."
        ),
        [
            "Appointment.patient text",
            "Appointment.dentist text",
            "Appointment.date_time datetime",
            "Appointment.reason long_text",
            "unique Appointment(dentist, date_time)",
            "Appointment.date_time in future_or_today",
        ],
    ),
    (
        (
            "Lessons have a teacher, a room, a start time and an end time. A teacher can only"
            " teach one lesson at a time. A room can only be used by one lesson at a time."
        ),
        [
            "Lesson.teacher text",
            "Lesson.room text",
            "Lesson.start_time datetime",
            "Lesson.end_time datetime",
            "no overlap Lesson start_time..end_time per teacher",
            "no overlap Lesson start_time..end_time per room",
        ],
    ),
    (
        (
            "Exams have a subject, a student and a date. A student cannot have two exams on "
            "the same day."
        ),
        ["Exam.subject text", "Exam.student text", "Exam.date date", "unique Exam(student, date)"],
    ),
    (
        "Visits have a date. No visits in the past.",
        ["Visit.date date", "Visit.date in future_or_today"],
    ),
    (
        "Appointments have a patient and a start. Appointments cannot be made in the past.",
        [
            "Appointment.patient text",
            "Appointment.start datetime",
            "Appointment.start in future_or_today",
        ],
    ),
    (
        "Flights have a from and a to. From and to must be different.",
        [
            "Flight.from_value text",
            "Flight.to text",
            "Flight.from_value not_equal to",
        ],
    ),
]


@pytest.mark.parametrize(("prompt", "expected"), READINGS)
def test_a_description_is_read_as_what_it_says(prompt: str, expected: list[str]) -> None:
    requirements = understand(prompt)
    assert sketch(requirements) == expected
    assert requirements.not_understood == ()
