"""What a description limits or forbids is built, or it is named: nothing is dropped in silence."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

_BOOKINGS = "Rooms have a name. Bookings have a room, a start and an end. "
_DONORS = "Donors have a name and a birth date. Donations have a donor and a date. "


@pytest.mark.parametrize(
    ("prompt", "rule"),
    [
        (_BOOKINGS, "Bookings can't be longer than 8 hours"),
        (_BOOKINGS, "A room can have at most 3 upcoming bookings"),
        (_BOOKINGS, "Nobody but the night porter may cancel within 12 hours"),
        (_DONORS, "A donor must be at least 18"),
        (_DONORS, "At least 56 days lie between two donations of one donor"),
        (_DONORS, "A donor never gives blood unless a nurse agrees"),
        (
            "Missions and astronauts. Missions have a name. ",
            "A mission needs at least 2 astronauts",
        ),
        ("Games have a title. Members have a name. ", "Every 3rd game of a member is free"),
    ],
)
def test_a_rule_that_is_not_built_is_named(prompt: str, rule: str) -> None:
    alone, with_rule = understand(prompt), understand(prompt + rule + ".")

    assert [part.text for part in with_rule.not_understood] == [rule]
    assert sketch(with_rule) == sketch(alone)


@pytest.mark.parametrize(
    ("prompt", "line"),
    [
        # The amount of a payment is a value, not how many payments there are.
        (
            "Payments have an amount. The amount of a payment must not be more than 100.",
            "Payment.amount decimal >= 0 <= 100",
        ),
        # A ban on the past asks for the future.
        (
            "Orders have a pickup date. No orders for a pickup date in the past.",
            "Order.pickup_date in future_or_today",
        ),
        # What cannot be deleted may still be changed.
        (
            "Invoices have a number and a status (draft, paid). Paid invoices can't be deleted.",
            "undeletable Invoice where status equal paid",
        ),
        # Of one room at a time does not mean of one room for ever.
        (
            _BOOKINGS + "A room can only be booked once at the same time.",
            "no overlap Booking start..end per room_id",
        ),
        # A pattern of which a part is not understood is not applied.
        (
            "Flights have a flight number (2 letters and 3-4 digits).",
            "Flight.flight_number text ^[A-Za-z]{2}[0-9]{3,4}$",
        ),
    ],
)
def test_a_rule_is_not_turned_into_another_one(prompt: str, line: str) -> None:
    requirements = understand(prompt)

    assert line in sketch(requirements)
    assert requirements.not_understood == ()
