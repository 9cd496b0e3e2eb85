"""Personal data is found by its form, its check digits and the words around it."""

import pytest

from quantumlayer.router.guardrails.personal import Finder

FOUND = [
    ("EMAIL", "ada.lovelace+maths@analytical-engine.co.uk", "Write to {} today."),
    ("EMAIL", "grace@navy.mil", "<{}>"),
    ("EMAIL", "ada@engine.org", "mailto:{} or https://engine.org"),
    ("EMAIL", "ada@engine.org", "e-mail:{},"),
    ("IP", "85.214.132.117", "GET http://{}/index.html"),
    ("IBAN", "DE89 3704 0044 0532 0130 00", "Pay into {}, please."),
    ("IBAN", "GB82WEST12345698765432", "iban={}"),
    ("CARD", "4539 1488 0343 6467", "My card {} expires soon."),
    ("CARD", "4539148803436467", "card:{}"),
    ("IP", "85.214.132.117", "The client {} was blocked."),
    ("IP", "2a01:4f8:c2c:123f:64:5:6a02:d7b2", "from {} again"),
    ("ID", "536-90-4399", "SSN {}."),
    ("ID", "536904399", "Her social security number is {}."),
    ("ID", "54362315K", "DNI {}"),
    ("ID", "RCCMNL83S18D969H", "codice fiscale {}"),
    ("ID", "390.533.447-05", "CPF {}"),
    ("ID", "111222333", "BSN {}"),
    ("ID", "AB 12 34 56 C", "National Insurance number: {}"),
    ("PHONE", "+49 30 90182412", "Call {} at noon."),
    ("PHONE", "(212) 664-7665", "The studio: {}"),
    ("PHONE", "030 90182412", "Telefon: {}"),
    ("PHONE", "0664 3456789", "Call me on {}, please."),
]


@pytest.mark.parametrize(("kind", "value", "sentence"), FOUND)
def test_it_is_found_where_it_stands(kind: str, value: str, sentence: str) -> None:
    text = sentence.format(value)

    found = Finder().find(text)

    assert [(one.kind, one.value) for one in found] == [(kind, value)]
    assert text[found[0].start : found[0].end] == value


NOT_FOUND = [
    "mail = 'user@example.com', git@github.com:owner/name, @property, '\\n@pytest.mark.slow'",
    "postgresql://app:secret@db.internal:5432/app and https://me:pw1@shop.org/x",
    "IBAN DE89 3704 0044 0532 0130 01",  # the check digits are wrong
    "card 4539 1488 0343 6468",  # Luhn's digit is wrong
    "card 4111 1111 1111 1111",  # a number that is published for tests
    "released = '10.2.3.4', '127.0.0.1', '192.168.1.20', '8.8.8.8', version 4.18.20.1",
    "<version>3.54.1.0</version> and version = '140.0.7339.80'",
    "SSN 123-45-6789",
    "1.2.840.113549.1.1.11 = sha256WithRSAEncryption",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301 1700000000000 0.45391488034364670",
    "x = 4539148803436467890123456789",
    "2024-02-29T12:30:45.123456+00:00",
    "the phone rings 3 times; +1 point; a[1] + 23456789",
    "call it on 2024-01-01",
]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert Finder().find(text) == []


def test_only_the_kinds_that_are_asked_for_are_found() -> None:
    text = "ada@engine.org, +49 30 90182412"

    assert [one.kind for one in Finder({"PHONE"}).find(text)] == ["PHONE"]
    with pytest.raises(ValueError, match="no personal data is called NAME; there is CARD, EMAIL"):
        Finder({"NAME"})


def test_places_are_counted_in_characters_whatever_stands_before() -> None:
    text = "Grüße aus 東京 🙂: ada@engine.org"

    (found,) = Finder().find(text)

    assert text[found.start : found.end] == "ada@engine.org"
