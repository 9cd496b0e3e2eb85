"""Descriptions in a notation: JSON, endpoints, markdown."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str], list[str]]] = [
    (
        (
            "{\n"
            '  "Product": {"sku": "string, unique", "price": "decimal > 0", "stock": "int >= '
            '0"},\n'
            '  "Review": {"product": "Product", "author": "string", "stars": "int 1-5", '
            '"text": "string max 1000"}\n'
            "}"
        ),
        [
            "Product.sku text unique",
            "Product.price decimal > 0",
            "Product.stock integer >= 0",
            "Review.product_id -> Product",
            "Review.author text",
            "Review.stars integer >= 1 <= 5",
            "Review.text text length ..1000",
        ],
        [],
    ),
    (
        (
            "POST /orders creates an order\n"
            "GET /orders lists orders\n"
            "POST /orders/{id}/refund pays an order back\n"
            "\n"
            "Order: id, customer_name (string, required), total (decimal, >= 0), status "
            "(new|paid|shipped|cancelled)\n"
            "Status can go from new to paid, from paid to shipped and from new to cancelled."
        ),
        [
            "Order.customer_name text",
            "Order.total decimal >= 0",
            "Order.status {new, paid, shipped, cancelled} = new",
            "steps Order.status from new: new>paid, paid>shipped, new>cancelled",
        ],
        ["POST /orders/{id}/refund pays an order back"],
    ),
    (
        (
            "## Entities\n"
            "\n"
            "### Laptop\n"
            "- serial number: string, unique\n"
            "- model: string (max 100)\n"
            "- purchase date: date\n"
            "\n"
            "## Rules\n"
            "1. The purchase date can't be in the future."
        ),
        [
            "Laptop.serial_number text unique",
            "Laptop.model text length ..100",
            "Laptop.purchase_date date",
            "Laptop.purchase_date in past_or_today",
        ],
        [],
    ),
    (
        (
            "CRUD for recipes\n"
            "- title (required, up to 120 characters)\n"
            "- servings (1 to 20)\n"
            "- source url (optional)"
        ),
        [
            "Recipe.title text length ..120",
            "Recipe.servings integer >= 1 <= 20",
            "Recipe.source_url url optional",
        ],
        [],
    ),
]


@pytest.mark.parametrize(
    ("prompt", "expected", "unread"), READINGS, ids=lambda value: str(value)[:40]
)
def test_a_notation_is_read_like_sentences(
    prompt: str, expected: list[str], unread: list[str]
) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert [part.text for part in requirements.not_understood] == unread
