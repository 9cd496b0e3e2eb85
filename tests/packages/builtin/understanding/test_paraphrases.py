"""Rules in other words than the usual ones."""

import pytest

from quantumlayer.builtin.understanding import understand
from tests.packages.builtin.understanding.sketch import sketch

READINGS: list[tuple[str, list[str], list[str]]] = [
    (
        (
            "Tickets: subject, state (new/open/solved/closed), agent (optional). Agents have "
            "a name. A ticket in state closed can't be modified. A ticket that is solved "
            "must have an agent."
        ),
        [
            "Agent.name text",
            "Ticket.subject text",
            "Ticket.state {new, open, solved, closed} = new",
            "Ticket.agent_id -> Agent optional",
            "frozen Ticket where state equal closed",
            "Ticket:when state equal solved then agent_id is_set",
        ],
        [],
    ),
    (
        (
            "Expenses have an amount and a date. Expenses cannot be dated in the future. The "
            "amount must be positive. Total expenses per month report."
        ),
        [
            "Expense.amount decimal > 0",
            "Expense.date date",
            "Expense.date in past_or_today",
            "sum Expense.amount per date.month",
        ],
        [],
    ),
    (
        (
            "Pupils have a name. Grades have a pupil, a subject name and a value. Grades are "
            "between 1 and 6."
        ),
        [
            "Pupil.name text",
            "Grade.pupil_id -> Pupil",
            "Grade.subject_name text",
            "Grade.value decimal >= 1 <= 6",
        ],
        [],
    ),
    (
        (
            "Posts have a title and a status of draft or published. Comments have a post and "
            "a text. Comments can only be made on published posts. Comments are max 500 "
            "characters."
        ),
        [
            "Post.title text",
            "Post.status {draft, published} = draft",
            "Comment.post_id -> Post",
            "Comment.text long_text length ..500",
            "Comment: then post_id.status equal published on creation",
        ],
        [],
    ),
    (
        (
            "Classes have a name and a capacity. Members have a name. A booking links a "
            "member to a class and has a date. Classes can't be overbooked."
        ),
        [
            "ClassRecord.name text",
            "ClassRecord.capacity integer >= 0",
            "Member.name text",
            "Booking.member_id -> Member",
            "Booking.class_id -> ClassRecord",
            "Booking.date date",
            "at most capacity Booking per class_id",
        ],
        [],
    ),
    (
        (
            "Policies (number unique, start date, end date, max coverage), claims (policy, "
            "incident date, amount). The amount of a claim must not exceed the max coverage "
            "of its policy. The incident date must be between the policy's start date and "
            "end date."
        ),
        [
            "Policy.number text unique",
            "Policy.start_date date",
            "Policy.end_date date",
            "Policy.max_coverage integer",
            "Claim.policy_id -> Policy",
            "Claim.incident_date date",
            "Claim.amount decimal >= 0",
            "Claim.amount less_or_equal policy_id.max_coverage",
            "Claim.incident_date greater_or_equal policy_id.start_date",
            "Claim.incident_date less_or_equal policy_id.end_date",
        ],
        [],
    ),
    (
        (
            "Families have a name. Sits: sitter family, host family, date. Sitter family and "
            "host family must be different."
        ),
        [
            "Family.name text",
            "Sit.date date",
            "Sit.sitter_family_id -> Family",
            "Sit.host_family_id -> Family",
            "Sit.sitter_family_id not_equal host_family_id",
        ],
        [],
    ),
    (
        (
            "I run a small bookshop. I need to store books (title, stock) and sales (book, "
            "quantity, date). You can't sell more than what is in stock."
        ),
        [
            "Book.title text",
            "Book.stock integer >= 0",
            "Sale.quantity integer >= 0",
            "Sale.date date",
            "Sale.book_id -> Book",
            "sum Sale.quantity <= stock per book_id",
        ],
        [],
    ),
    (
        (
            "There are groups with name and teacher. Students have name. Student can be in "
            "many groups, but group have maximum 12 students."
        ),
        [
            "Group.name text",
            "Group.teacher text",
            "Student.name text",
            "StudentGroup.student_id -> Student",
            "StudentGroup.group_id -> Group",
            "unique StudentGroup(student_id, group_id)",
            "at most 12 StudentGroup per group_id",
        ],
        [],
    ),
    (
        (
            "Members have a name. Machines have a name. Reservations: member, machine, "
            "start, end. A member can have no more than 3 upcoming reservations. A machine "
            "can be reserved by only one member at a time."
        ),
        [
            "Member.name text",
            "Machine.name text",
            "Reservation.start datetime",
            "Reservation.end datetime",
            "Reservation.member_id -> Member",
            "Reservation.machine_id -> Machine",
            "no overlap Reservation start..end per machine_id",
        ],
        ["A member can have no more than 3 upcoming reservations"],
    ),
]


@pytest.mark.parametrize(
    ("prompt", "expected", "unread"), READINGS, ids=lambda value: str(value)[:40]
)
def test_a_rule_is_read_in_other_words(prompt: str, expected: list[str], unread: list[str]) -> None:
    requirements = understand(prompt)

    assert sketch(requirements) == expected
    assert [part.text for part in requirements.not_understood] == unread
