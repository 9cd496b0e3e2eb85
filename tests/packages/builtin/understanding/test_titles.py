"""Titles of all kinds: before clauses, before lists of things, alone."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str], list[str]]] = [
    (
        (
            "University: professors teach courses, students take courses, each course has "
            "max 40 students, a student may not take the same course twice, grade from 1 to 6"
        ),
        [
            "Student.name text",
            "Student.email email unique",
            "Professor.name text unique",
            "Course.professor_id -> Professor",
            "Course.title text",
            "Course.description long_text optional",
            "Enrollment.student_id -> Student",
            "Enrollment.course_id -> Course",
            "Enrollment.enrolled_date date = today",
            "Enrollment.grade integer >= 1 <= 6",
            "unique Enrollment(student_id, course_id)",
            "at most 40 Enrollment per course_id",
        ],
        [],
    ),
    (
        (
            "Veterinary clinic with owners, pets and visits. A pet belongs to an owner and "
            "has a name, a species and a birth date that can't be in the future. A visit is "
            "for one pet on a date with a reason. Max 10 visits per day."
        ),
        [
            "Owner.name text",
            "Owner.phone phone",
            "Owner.email email optional",
            "Pet.owner_id -> Owner",
            "Pet.name text",
            "Pet.species text",
            "Pet.birth_date date",
            "Visit.pet_id -> Pet",
            "Visit.date date",
            "Visit.reason long_text",
            "at most 10 Visit per date",
            "Pet.birth_date in past_or_today",
        ],
        [],
    ),
    (
        (
            "Movie ratings. Users have a username (unique, 3-20 characters). Movies have a "
            "title. A user can rate a movie only once. Average rating per movie."
        ),
        [
            "User.username text unique length 3..20",
            "Movie.title text",
            "Rating.user_id -> User",
            "Rating.movie_id -> Movie",
            "Rating.score integer >= 1 <= 5",
            "unique Rating(user_id, movie_id)",
            "average Rating.score per movie_id",
        ],
        [],
    ),
    (
        (
            "Real estate listings and agents. An agent has a name. A listing has an address, "
            "a price and an agent."
        ),
        [
            "Agent.name text",
            "Listing.address text",
            "Listing.price decimal >= 0",
            "Listing.agent_id -> Agent",
        ],
        [],
    ),
    (
        (
            "Meeting room booking, rooms have name and capacity, bookings have room, title, "
            "start and end. Bookings in the same room can't overlap."
        ),
        [
            "Room.name text",
            "Room.capacity integer >= 0",
            "Booking.room_id -> Room",
            "Booking.title text",
            "Booking.start datetime",
            "Booking.end datetime",
            "no overlap Booking start..end per room_id",
        ],
        [],
    ),
]


@pytest.mark.parametrize(
    ("prompt", "expected", "unread"), READINGS, ids=lambda value: str(value)[:40]
)
def test_a_title_is_no_record(prompt: str, expected: list[str], unread: list[str]) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert [part.text for part in requirements.not_understood] == unread
