"""Chains of prepositions, and broken English: what a record is of, by, for and on."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str], list[str]]] = [
    (
        (
            "Laboratory equipment: devices (serial number unique, name), researchers (name, "
            "email), usages of a device by a researcher from start to end. Usages of one "
            "device may not overlap. end after start."
        ),
        [
            "Device.serial_number text unique",
            "Device.name text",
            "Researcher.name text",
            "Researcher.email email",
            "Usage.device_id -> Device",
            "Usage.start datetime",
            "Usage.end datetime",
            "Usage.researcher_id -> Researcher",
            "no overlap Usage start..end per device_id",
            "Usage.end greater start",
        ],
        [],
    ),
    (
        (
            "service for flea market: sellers (name, phone), stands (number unique, size "
            "small/medium/large), bookings of stands by sellers for a date. a stand can be "
            "booked only once per date. a seller may book max 2 stands per date"
        ),
        [
            "Seller.name text",
            "Seller.phone phone",
            "Stand.number text unique",
            "Stand.size {small, medium, large}",
            "Booking.stand_id -> Stand",
            "Booking.date date",
            "Booking.seller_id -> Seller",
            "unique Booking(stand_id, date)",
            "at most 2 Booking per seller_id, date",
        ],
        [],
    ),
    (
        (
            "Manage a chess club: players with name and rating from 0 to 3000, matches "
            "between two players with date and result (white, black, draw). A player cannot "
            "play against himself."
        ),
        [
            "Player.name text",
            "Player.rating integer >= 0 <= 3000",
            "Match.first_player_id -> Player",
            "Match.date date",
            "Match.result {white, black, draw}",
            "Match.second_player_id -> Player",
            "Match.first_player_id not_equal second_player_id",
        ],
        [],
    ),
    (
        (
            "hello sir, please make for me program for hotel. hotel have rooms, every room "
            "have number and kind (single, double, suite). guest have name and passport. "
            "guest make booking of room from date to date. two booking of same room cannot "
            "be in same time. thank you"
        ),
        [
            "Hotel.name text",
            "Hotel.address text",
            "Room.number text",
            "Room.kind {single, double, suite}",
            "Room.hotel_id -> Hotel",
            "Guest.name text",
            "Guest.passport text",
            "Booking.room_id -> Room",
            "Booking.start_date date",
            "Booking.end_date date",
            "Booking.guest_id -> Guest",
            "no overlap Booking start_date..end_date per room_id",
        ],
        [],
    ),
    (
        ("Issue tracker. Issues have a title. Comments on issues have an author and a text."),
        [
            "Issue.title text",
            "Comment.issue_id -> Issue",
            "Comment.author text",
            "Comment.text long_text",
        ],
        [],
    ),
    (
        (
            "The system shall store vehicles with a VIN (17 characters, unique) and a year. "
            "The system shall store inspections of vehicles with a date and a result (pass, "
            "fail). The year shall be between 1950 and 2030. An inspection date shall not "
            "lie in the future. A vehicle shall not have more than one inspection per day."
        ),
        [
            "Vehicle.vin text unique length 17..17",
            "Vehicle.year integer >= 1950 <= 2030",
            "Inspection.vehicle_id -> Vehicle",
            "Inspection.date date",
            "Inspection.result {pass, fail}",
            "unique Inspection(vehicle_id, date)",
            "Inspection.date in past_or_today",
        ],
        [],
    ),
]


@pytest.mark.parametrize(
    ("prompt", "expected", "unread"), READINGS, ids=lambda value: str(value)[:40]
)
def test_a_chain_says_what_a_record_has(
    prompt: str, expected: list[str], unread: list[str]
) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert [part.text for part in requirements.not_understood] == unread
