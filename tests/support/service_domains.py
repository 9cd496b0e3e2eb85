"""Domains of services, written by hand: together they use every kind of rule and of field."""

import os

from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import (
    Aggregation,
    Comparison,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    Entity,
    Field,
    FieldType,
    Immutable,
    NoOverlap,
    RelativeDate,
    Rule,
    ServiceDomain,
    SumLimit,
    Transitions,
    UniqueTogether,
    stored,
)
from quantumlayer.builtin.language import read_description
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
)

OPEN = Condition(field="returned_on", operator=Operator.IS_EMPTY)


def text(name: str, **more: object) -> Field:
    """A field of text."""
    return field(name, FieldType.TEXT, **more)


def field(name: str, kind: FieldType, **more: object) -> Field:
    """A field of a type."""
    return Field.model_validate({"name": name, "type": kind, **more})


def to(name: str, entity: str, **more: object) -> Field:
    """A reference."""
    return field(name, FieldType.REFERENCE, references=entity, **more)


def choice(name: str, *choices: str, **more: object) -> Field:
    """A choice."""
    return field(name, FieldType.CHOICE, choices=choices, **more)


def entity(name: str, plural: str, *fields: Field, requirement: str | None = None) -> Entity:
    """An entity."""
    return Entity(name=name, plural=plural, fields=fields, requirement=requirement)


def equals(name: str, *values: str | int | bool) -> Condition:
    """A condition of equality, or of being among values."""
    operator = Operator.EQUAL if len(values) == 1 else Operator.IN
    return Condition(field=name, operator=operator, values=values)


def service(
    name: str,
    entities: tuple[Entity, ...],
    rules: tuple[Rule, ...] = (),
    aggregations: tuple[Aggregation, ...] = (),
) -> Requirements:
    """Requirements around a domain: an item for each entity, rule and figure, and one general."""
    number = 0
    items: list[Requirement] = []

    def item(category: RequirementCategory, statement: str) -> str:
        nonlocal number
        number += 1
        items.append(Requirement(id=f"R{number}", category=category, statement=statement))
        return f"R{number}"

    traced = tuple(
        each.model_copy(
            update={
                "requirement": item(RequirementCategory.ENTITY, f"There are {each.plural}."),
            }
        )
        for each in entities
    )
    ruled = tuple(
        rule.model_copy(update={"requirement": item(RequirementCategory.RULE, rule.statement)})
        for rule in rules
    )
    figures = tuple(
        figure.model_copy(
            update={"requirement": item(RequirementCategory.OPERATION, figure.statement)}
        )
        for figure in aggregations
    )
    item(RequirementCategory.QUALITY, "Errors are problem details")
    return Requirements(
        name=name,
        title=name.replace("-", " ").capitalize(),
        summary=f"Keeps {', '.join(each.plural for each in entities)}.",
        kind=ApplicationKind.SERVICE,
        language=Language.PYTHON,
        items=tuple(items),
        assumptions=("Nobody needs to sign in.",),
        domain=stored(ServiceDomain(entities=traced, rules=ruled, aggregations=figures)),
    )


def library() -> Requirements:
    """Counting rules on open loans, a comparison, unique fields, figures."""
    return service(
        "library-service",
        (
            entity(
                "Book",
                "books",
                text("title"),
                text("author"),
                text("isbn", unique=True, pattern="^[0-9]{13}$"),
            ),
            entity("Member", "members", text("name"), field("email", FieldType.EMAIL, unique=True)),
            entity(
                "Loan",
                "loans",
                to("book", "Book"),
                to("member", "Member"),
                field("loaned_on", FieldType.DATE, computed_default="today"),
                field("due_date", FieldType.DATE),
                field("returned_on", FieldType.DATE, required=False),
            ),
        ),
        (
            CountLimit(
                requirement="R1",
                entity="Loan",
                statement="Members can have at most 5 open loans",
                per=("member_id",),
                maximum=5,
                where=(OPEN,),
            ),
            UniqueTogether(
                requirement="R1",
                entity="Loan",
                statement="A book is on loan to one member at a time",
                fields=("book_id",),
                where=(OPEN,),
            ),
            Comparison(
                requirement="R1",
                entity="Loan",
                statement="The due date is not before the day of the loan",
                left="due_date",
                operator=Operator.GREATER_OR_EQUAL,
                right="loaned_on",
            ),
        ),
        (
            Aggregation(
                requirement="R1",
                name="loans_per_month",
                entity="Loan",
                statement="How many loans began in each month",
                function="count",
                group_by=("loaned_on.month",),
            ),
            Aggregation(
                requirement="R1",
                name="open_loans_per_member",
                entity="Loan",
                statement="How many loans of each member are open",
                function="count",
                group_by=("member_id",),
                where=(OPEN,),
            ),
        ),
    )


def bookings() -> Requirements:
    """Intervals that do not overlap, moments in the future, states and their moves."""
    live = Condition(field="status", operator=Operator.NOT_EQUAL, values=("cancelled",))
    return service(
        "room-bookings",
        (
            entity(
                "Room",
                "rooms",
                text("name", unique=True),
                field("capacity", FieldType.INTEGER, minimum="1", maximum="50"),
                field("has_screen", FieldType.BOOLEAN, default=False),
            ),
            entity(
                "Booking",
                "bookings",
                to("room", "Room"),
                text("organiser"),
                field("starts_at", FieldType.DATETIME),
                field("ends_at", FieldType.DATETIME, required=False),
                choice("status", "requested", "confirmed", "cancelled"),
            ),
        ),
        (
            NoOverlap(
                requirement="R1",
                entity="Booking",
                statement="Bookings of a room do not overlap unless they are cancelled",
                start="starts_at",
                end="ends_at",
                per=("room_id",),
                where=(live,),
            ),
            RelativeDate(
                requirement="R1",
                entity="Booking",
                statement="A booking starts in the future",
                field="starts_at",
                direction="future",
            ),
            Transitions(
                requirement="R1",
                entity="Booking",
                statement="A booking is requested, then confirmed or cancelled",
                field="status",
                initial="requested",
                allowed=(
                    ("requested", "confirmed"),
                    ("requested", "cancelled"),
                    ("confirmed", "cancelled"),
                ),
            ),
        ),
        (
            Aggregation(
                requirement="R1",
                name="bookings_by_room_and_day",
                entity="Booking",
                statement="How many bookings each room has on each day",
                function="count",
                group_by=("room_id", "starts_at.date"),
                where=(live,),
            ),
        ),
    )


def courses() -> Requirements:
    """Limits that are read from another record, and deletions that rules refuse."""
    active = equals("status", "active")
    return service(
        "course-enrolment",
        (
            entity(
                "Student",
                "students",
                text("name"),
                field("email", FieldType.EMAIL, unique=True),
                field("credit_limit", FieldType.DECIMAL, minimum="0", default="30"),
            ),
            entity(
                "Course",
                "courses",
                text("title"),
                field("capacity", FieldType.INTEGER, minimum="0", maximum="500"),
            ),
            entity(
                "Enrolment",
                "enrolments",
                to("student", "Student"),
                to("course", "Course"),
                field("credits", FieldType.INTEGER, minimum="1", maximum="12", default=5),
                choice("status", "active", "withdrawn", default="active"),
            ),
        ),
        (
            CountLimit(
                requirement="R1",
                entity="Enrolment",
                statement="A course has at most as many active enrolments as its capacity",
                per=("course_id",),
                maximum_field="capacity",
                where=(active,),
            ),
            SumLimit(
                requirement="R1",
                entity="Enrolment",
                statement="The credits of a student's active enrolments stay within the limit",
                field="credits",
                per=("student_id",),
                maximum_field="credit_limit",
                where=(active,),
            ),
            UniqueTogether(
                requirement="R1",
                entity="Enrolment",
                statement="A student enrols once in a course",
                fields=("student_id", "course_id"),
            ),
            DeleteRestricted(
                requirement="R1",
                entity="Student",
                statement="A student with active enrolments cannot be deleted",
                by="Enrolment",
                by_field="student_id",
                where=(active,),
            ),
            DeleteRestricted(
                requirement="R1",
                entity="Course",
                statement="A course with enrolments cannot be deleted",
                by="Enrolment",
                by_field="course_id",
            ),
        ),
    )


def invoices() -> Requirements:
    """Exact money, records that freeze, and conditions that look through a reference."""
    paid = equals("status", "paid")
    return service(
        "invoicing",
        (
            entity(
                "Invoice",
                "invoices",
                text("number", unique=True, pattern=r"^INV-[0-9]{4,8}$"),
                field("issued_on", FieldType.DATE, computed_default="today"),
                field("paid_on", FieldType.DATE, required=False),
                choice("status", "draft", "sent", "paid", default="draft"),
                field("budget", FieldType.DECIMAL, minimum="0", exclusive_minimum=True),
            ),
            entity(
                "LineItem",
                "line_items",
                to("invoice", "Invoice"),
                text("description"),
                field("amount", FieldType.DECIMAL, minimum="0.01", maximum="10000"),
            ),
        ),
        (
            Immutable(
                requirement="R1",
                entity="Invoice",
                statement="A paid invoice cannot be changed or deleted",
                where=(paid,),
                deletable=False,
            ),
            Immutable(
                requirement="R1",
                entity="Invoice",
                statement="The number of an invoice never changes",
                fields=("number",),
            ),
            ConditionalRequirement(
                requirement="R1",
                entity="Invoice",
                statement="A paid invoice has a day of payment",
                where=(paid,),
                then=(Condition(field="paid_on", operator=Operator.IS_SET),),
            ),
            SumLimit(
                requirement="R1",
                entity="LineItem",
                statement="The items of an invoice stay within its budget",
                field="amount",
                per=("invoice_id",),
                maximum_field="budget",
            ),
            ConditionalRequirement(
                requirement="R1",
                entity="LineItem",
                statement="Items are added to drafts only",
                then=(equals("invoice_id.status", "draft"),),
                on="creation",
            ),
            Immutable(
                requirement="R1",
                entity="LineItem",
                statement="The items of a paid invoice are frozen",
                where=(equals("invoice_id.status", "paid"),),
                deletable=False,
            ),
        ),
        tuple(
            Aggregation.model_validate(
                {
                    "requirement": "R1",
                    "name": f"{function}_amount",
                    "entity": "LineItem",
                    "statement": f"The {function} of the amounts",
                    "function": function,
                    "field": "amount",
                    "group_by": group_by,
                }
            )
            for function, group_by in (
                ("sum", ("invoice_id",)),
                ("average", ()),
                ("minimum", ("invoice_id.status",)),
                ("maximum", ()),
            )
        ),
    )


def auctions() -> Requirements:
    """Comparisons with another record, days in the past, a reference that is unique."""
    return service(
        "auction-house",
        (
            entity("Seller", "sellers", text("name"), field("born_on", FieldType.DATE)),
            entity(
                "Auction",
                "auctions",
                to("seller", "Seller"),
                text("title", min_length=3, max_length=80),
                field("starting_price", FieldType.DECIMAL, minimum="0"),
                field("closed", FieldType.BOOLEAN, default=False),
            ),
            entity(
                "Bid",
                "bids",
                to("auction", "Auction"),
                text("bidder"),
                field("amount", FieldType.DECIMAL, minimum="0"),
            ),
            entity(
                "Payout",
                "payouts",
                to("auction", "Auction", unique=True),
                field("sent_at", FieldType.DATETIME, required=False),
            ),
        ),
        (
            RelativeDate(
                requirement="R1",
                entity="Seller",
                statement="Sellers are born in the past",
                field="born_on",
                direction="past",
            ),
            Comparison(
                requirement="R1",
                entity="Bid",
                statement="A bid is higher than the starting price",
                left="amount",
                operator=Operator.GREATER,
                right="auction_id.starting_price",
            ),
            ConditionalRequirement(
                requirement="R1",
                entity="Bid",
                statement="Only an auction that is not closed takes bids",
                then=(equals("auction_id.closed", False),),
                on="creation",
            ),
            ConditionalRequirement(
                requirement="R1",
                entity="Payout",
                statement="Payouts belong to closed auctions",
                then=(equals("auction_id.closed", True),),
            ),
            RelativeDate(
                requirement="R1",
                entity="Payout",
                statement="A payout was not sent tomorrow",
                field="sent_at",
                direction="past_or_today",
            ),
            Immutable(
                requirement="R1",
                entity="Bid",
                statement="Bids stay as they are",
                deletable=False,
            ),
        ),
    )


def timesheets() -> Requirements:
    """Parts of dates in rules, times of day, sums with a fixed limit."""
    return service(
        "timesheets",
        (
            entity("Worker", "workers", text("name")),
            entity(
                "Entry",
                "entries",
                to("worker", "Worker"),
                field("day", FieldType.DATE),
                field("begins", FieldType.TIME),
                field("ends", FieldType.TIME),
                field(
                    "hours", FieldType.DECIMAL, minimum="0", exclusive_minimum=True, maximum="24"
                ),
            ),
            entity(
                "Report",
                "report_cards",
                to("worker", "Worker"),
                field("written_at", FieldType.DATETIME, computed_default="now"),
                field("pages", FieldType.INTEGER, minimum="1"),
            ),
        ),
        (
            NoOverlap(
                requirement="R1",
                entity="Entry",
                statement="Entries of a worker do not overlap on a day",
                start="begins",
                end="ends",
                per=("worker_id", "day"),
            ),
            Comparison(
                requirement="R1",
                entity="Entry",
                statement="An entry ends after it begins",
                left="ends",
                operator=Operator.GREATER,
                right="begins",
            ),
            SumLimit(
                requirement="R1",
                entity="Entry",
                statement="A worker works at most 40.5 hours in a month",
                field="hours",
                per=("worker_id", "day.month"),
                maximum="40.5",
            ),
            UniqueTogether(
                requirement="R1",
                entity="Report",
                statement="A worker writes one report a day",
                fields=("worker_id", "written_at.date"),
            ),
            CountLimit(
                requirement="R1",
                entity="Report",
                statement="There are at most 30 reports",
                maximum=30,
            ),
        ),
        (
            Aggregation(
                requirement="R1",
                name="hours_by_month",
                entity="Entry",
                statement="The hours of each worker in each month",
                function="sum",
                field="hours",
                group_by=("worker_id", "day.month"),
            ),
            Aggregation(
                requirement="R1",
                name="first_day",
                entity="Entry",
                statement="The first day on which anybody worked",
                function="minimum",
                field="day",
            ),
        ),
    )


def every_type() -> Requirements:
    """Every type of field, with and without bounds, required and optional, with defaults."""
    return service(
        "specimens",
        (
            entity(
                "Specimen",
                "specimens",
                text("code", unique=True, pattern="^[A-Z]{2}-[0-9]{3}$"),
                text("short", max_length=4),
                text("label", min_length=2, max_length=30, default="none given"),
                field("notes", FieldType.LONG_TEXT, required=False),
                field("count", FieldType.INTEGER, minimum="0"),
                field("level", FieldType.INTEGER, minimum="1", maximum="5", default=3),
                field("weight", FieldType.DECIMAL, minimum="0", exclusive_minimum=True),
                field("price", FieldType.DECIMAL, required=False, maximum="99.99"),
                field("alive", FieldType.BOOLEAN),
                field("rare", FieldType.BOOLEAN, required=False),
                field("found_on", FieldType.DATE, minimum="2000-01-01", maximum="2030-12-31"),
                field("seen_on", FieldType.DATE, computed_default="today"),
                field("feeding", FieldType.TIME, minimum="06:00", maximum="22:00"),
                field("caught_at", FieldType.DATETIME),
                field("logged_at", FieldType.DATETIME, computed_default="now"),
                field("keeper", FieldType.EMAIL, required=False),
                field("page", FieldType.URL, required=False),
                field("phone", FieldType.PHONE, required=False),
                choice("colour", "red", "deep blue", "green"),
                choice("size", "small", "large", required=False),
                field("tags", FieldType.TAGS, required=False),
                field("marks", FieldType.TAGS),
            ),
        ),
    )


def awkward_names() -> Requirements:
    """Names that are keywords, tables, modules or classes of the frameworks."""
    return service(
        "json",
        (
            entity("Class", "classes", text("from"), text("class"), text("json", required=False)),
            entity("Group", "groups", text("select"), text("copy")),
            entity("User", "users", text("name"), field("limit", FieldType.INTEGER, default=1)),
            entity("Value", "values", text("values"), to("class", "Class")),
            entity("Setting", "settings", text("key", unique=True), to("user", "User")),
            entity("Doc", "docs", text("title"), to("group", "Group", required=False)),
            entity("Field", "fields", text("field"), field("index", FieldType.INTEGER)),
            entity("Response", "responses", text("body"), to("order", "Field")),
            entity("Rule", "rules", text("rule"), text("none", required=False)),
            entity(
                "Order",
                "orders",
                field("date", FieldType.DATE),
                field("time", FieldType.TIME, required=False),
                field("datetime", FieldType.DATETIME, required=False),
                choice("order", "asc", "desc"),
            ),
        ),
        (
            UniqueTogether(
                requirement="R1",
                entity="Class",
                statement="From and class are unique together",
                fields=("from", "class"),
            ),
            CountLimit(
                requirement="R1",
                entity="Response",
                statement='A "field" has at most 2 responses',
                per=("order_id",),
                maximum=2,
            ),
        ),
    )


def rules_on_rules() -> Requirements:
    """Limits whose conditions look at another record, which may change, and a record of itself."""
    sick = equals("patient_id.state", "sick")
    return service(
        "ward",
        (
            entity("Doctor", "doctors", text("name"), to("mentor", "Doctor", required=False)),
            entity("Patient", "patients", text("name"), choice("state", "healthy", "sick")),
            entity(
                "Visit",
                "visits",
                to("doctor", "Doctor"),
                to("patient", "Patient"),
                field("begins_on", FieldType.DATE),
                field("ends_on", FieldType.DATE),
                choice("kind", "routine", "urgent", "remote"),
            ),
        ),
        (
            CountLimit(
                requirement="R1",
                entity="Visit",
                statement="A doctor sees at most 3 sick patients",
                per=("doctor_id",),
                maximum=3,
                where=(sick,),
            ),
            UniqueTogether(
                requirement="R1",
                entity="Visit",
                statement="A doctor has one visit of a kind with a sick patient on a day",
                fields=("doctor_id", "begins_on", "kind"),
                where=(sick,),
            ),
            NoOverlap(
                requirement="R1",
                entity="Visit",
                statement="Visits of a sick patient do not overlap",
                start="begins_on",
                end="ends_on",
                per=("patient_id",),
                where=(sick,),
            ),
            ConditionalRequirement(
                requirement="R1",
                entity="Visit",
                statement="Urgent visits are for sick patients",
                where=(equals("kind", "urgent"),),
                then=(sick,),
            ),
            ConditionalRequirement(
                requirement="R1",
                entity="Patient",
                statement="Patients arrive healthy",
                then=(equals("state", "healthy"),),
                on="creation",
            ),
        ),
    )


def long_sentences() -> Requirements:
    """Names and statements that fill a line."""
    return service(
        "event-series",
        (
            entity(
                "InternationalConferenceSeries",
                "international_conference_series",
                text("name"),
                choice("state", "planned", "running", "over"),
            ),
            entity(
                "Conference",
                "conferences",
                to("series", "InternationalConferenceSeries"),
                field("begins_on", FieldType.DATE),
                field("places", FieldType.INTEGER, minimum="1", maximum="2"),
            ),
            entity("Guest", "guests", to("conference", "Conference"), text("name")),
        ),
        (
            RelativeDate(
                requirement="R1",
                entity="Conference",
                statement="A conference of a series begins on a day that lies in the future when "
                "the conference is entered, or when its day is changed by somebody",
                field="begins_on",
                direction="future",
            ),
            CountLimit(
                requirement="R1",
                entity="Guest",
                statement="There are never more guests than places",
                per=("conference_id",),
                maximum_field="places",
            ),
        ),
        (
            Aggregation(
                requirement="R1",
                name="conferences_by_state_of_series",
                entity="Conference",
                statement="How many conferences the series of each state have, whatever the day "
                "on which they begin, and however many places they have",
                function="count",
                group_by=("series_id.state",),
            ),
        ),
    )


def kept_records() -> Requirements:
    """Records kept from deletion only, pointers that differ, a bar on a number."""
    return read_description(
        "Scooter sharing. Scooters have a code (unique), a battery (0-100) and a status "
        "(ok, lost). "
        "Riders have a name and an email. Rides have a scooter, a driver (a rider), a passenger "
        "(a rider), a start time, an end time and a list. Lists have a name. "
        "A scooter with a battery below 20 cannot be used. The end time must be after "
        "the start time. A scooter can only be in one ride at a time. The driver and the passenger "
        "must be different. Rides can't be deleted. Lost scooters cannot be deleted."
    )


DOMAINS = {
    make.__name__: make
    for make in (
        library,
        bookings,
        courses,
        invoices,
        auctions,
        timesheets,
        every_type,
        awkward_names,
        rules_on_rules,
        long_sentences,
        kept_records,
    )
}
"""All of them, by name."""

ALL = os.environ.get("QL_SERVICES") == "all"


def chosen(*sample: str) -> list[str]:
    """The domains whose services are run: a sample, or all where QL_SERVICES is "all"."""
    return list(DOMAINS) if ALL else list(sample)
