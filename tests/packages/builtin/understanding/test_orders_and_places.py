"""Orders of several products, values in parentheses, endpoints with fields, where one stays."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str]]] = [
    (
        (
            "API with products (name, price). As a customer I want to place an order for one "
            "or more products with quantity. Order status goes from new to paid to shipped."
        ),
        [
            "Product.name text",
            "Product.price decimal >= 0",
            "Order.status {new, paid, shipped} = new",
            "Order.placed_date date = today",
            "OrderItem.order_id -> Order",
            "OrderItem.product_id -> Product",
            "OrderItem.quantity integer >= 0",
            "steps Order.status from new: new>paid, paid>shipped",
        ],
    ),
    (
        "Teams have a name (unique) and a kind (ai, web, mobile).",
        ["Team.name text unique", "Team.kind {ai, web, mobile}"],
    ),
    (
        (
            "A person has a preferred contact (phone, email) and a kind (string, required) "
            "and a size (int, min 3) and a nickname (text, optional)."
        ),
        [
            "Person.preferred_contact {phone, email}",
            "Person.kind text",
            "Person.size integer >= 3",
            "Person.nickname text optional",
        ],
    ),
    (
        "Items: sku unique, name. Movements: item, quantity, type in or out, date.",
        [
            "Item.sku text unique",
            "Item.name text",
            "Movement.quantity integer >= 0",
            "Movement.type {in, out}",
            "Movement.date date",
            "Movement.item_id -> Item",
        ],
    ),
    (
        (
            "Employees have a name. Vacation requests have an employee, from date, to date, "
            "status (requested, approved, rejected) default requested. To date must not be "
            "before from date. Approved requests of the same employee must not overlap."
        ),
        [
            "Employee.name text",
            "VacationRequest.employee_id -> Employee",
            "VacationRequest.from_date date",
            "VacationRequest.to_date date",
            "VacationRequest.status {requested, approved, rejected} = requested",
            "VacationRequest.to_date greater_or_equal from_date",
            (
                "no overlap VacationRequest from_date..to_date per employee_id where status equal"
                " approved"
            ),
        ],
    ),
    (
        (
            "Categories have a name. Expenses have an amount and a category. Report: total "
            "amount per category."
        ),
        [
            "Category.name text",
            "Expense.amount decimal >= 0",
            "Expense.category_id -> Category",
            "sum Expense.amount per category_id",
        ],
    ),
    (
        (
            "Recipe app where users save recipes with title, instructions, cooking time "
            "(minutes, max 600), servings 1-20 and a list of ingredients. Each ingredient has"
            " a name, amount and unit."
        ),
        [
            "Recipe.title text",
            "Recipe.instructions long_text",
            "Recipe.cooking_time integer <= 600",
            "Recipe.servings integer >= 1 <= 20",
            "Ingredient.name text",
            "Ingredient.amount decimal >= 0",
            "Ingredient.unit text",
            "RecipeIngredient.recipe_id -> Recipe",
            "RecipeIngredient.ingredient_id -> Ingredient",
            "unique RecipeIngredient(recipe_id, ingredient_id)",
        ],
    ),
    (
        (
            "Blog with posts, comments and tags. Posts need a title (5-120 characters), body,"
            " published flag, author. Comments need text and author name and belong to a "
            "post."
        ),
        [
            "Post.title text length 5..120",
            "Post.body long_text",
            "Post.published boolean = false",
            "Post.author text",
            "Comment.text long_text",
            "Comment.author_name text",
            "Comment.post_id -> Post",
            "Tag.name text unique",
        ],
    ),
    (
        (
            "POST /books creates a book with title, author and year (1450 to 2030). GET "
            "/books lists them, filter by author. Loans: book, borrower name, due date."
        ),
        [
            "Book.title text",
            "Book.author text",
            "Book.year integer >= 1450 <= 2030",
            "Loan.borrower_name text",
            "Loan.due_date date",
            "Loan.book_id -> Book",
        ],
    ),
    (
        (
            "POST /tickets (title, priority low/medium/high), GET /tickets, GET "
            "/tickets/{id}, PATCH /tickets/{id}, DELETE /tickets/{id}"
        ),
        ["Ticket.title text", "Ticket.priority {low, medium, high}"],
    ),
    (
        (
            "Lessons have a teacher, a room, a weekday (mon, tue, wed) and an hour (1-8). A "
            "room can host only one lesson per weekday and hour. A teacher can only give one "
            "lesson per weekday and hour."
        ),
        [
            "Room.name text unique",
            "Room.capacity integer >= 1",
            "Teacher.name text",
            "Teacher.email email unique",
            "Lesson.teacher_id -> Teacher",
            "Lesson.room_id -> Room",
            "Lesson.weekday {mon, tue, wed}",
            "Lesson.hour integer >= 1 <= 8",
            "unique Lesson(room_id, weekday, hour)",
            "unique Lesson(teacher_id, weekday, hour)",
        ],
    ),
    (
        (
            "Zoo with animals and enclosures. Animals have a name and live in an enclosure. "
            "Enclosures have a name and a capacity. An enclosure cannot hold more animals "
            "than its capacity."
        ),
        [
            "Enclosure.name text",
            "Enclosure.capacity integer >= 0",
            "Animal.name text",
            "Animal.enclosure_id -> Enclosure",
            "at most capacity Animal per enclosure_id",
        ],
    ),
    (
        (
            "Flights have a number, depart from an airport and arrive at an airport. Airports"
            " have a code."
        ),
        [
            "Airport.code text",
            "Flight.number text",
            "Flight.departure_airport_id -> Airport",
            "Flight.arrival_airport_id -> Airport",
        ],
    ),
    (
        "Employees have a name and work in a department. Departments have a name.",
        ["Department.name text", "Employee.name text", "Employee.department_id -> Department"],
    ),
]


@pytest.mark.parametrize(("prompt", "expected"), READINGS)
def test_a_description_is_read_as_what_it_says(prompt: str, expected: list[str]) -> None:
    requirements = understand(prompt)
    assert sketch(requirements) == expected
    assert requirements.not_understood == ()
