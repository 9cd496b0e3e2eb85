"""The catalogue of calculations: parameters, formulas, and examples worked out without them."""

from dataclasses import dataclass

from quantumlayer.qlayer.requirements.tool import (
    Parameter,
    Result,
    WorkedExample,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A calculation of the catalogue; `percent` names the parameter that a percentage sets."""

    name: str
    pattern: str
    help: str
    parameters: tuple[Parameter, ...]
    results: tuple[Result, ...]
    examples: tuple[WorkedExample, ...]
    percent: str = ""


def _number(
    name: str,
    help_text: str,
    *,
    above: str | None = None,
    least: str | None = None,
    most: str | None = None,
    default: str | None = None,
    whole: bool = False,
) -> Parameter:
    return Parameter(
        name=name,
        type="integer" if whole else "number",
        help=help_text,
        minimum=above if above is not None else least,
        exclusive_minimum=above is not None,
        maximum=most,
        default=default,
    )


def _date(name: str, help_text: str, default: str | None = None) -> Parameter:
    return Parameter(name=name, type="date", help=help_text, default=default)


def _result(name: str, formula: str, decimals: int = 2) -> Result:
    return Result(name=name, formula=formula, decimals=decimals)


def _example(values: str, results: str) -> WorkedExample:
    return WorkedExample(values=tuple(values.split()), results=tuple(results.split("|")))


_RATE = _number("rate", "interest a year, in percent", least="0")


_YEARS = _number("years", "for how many years", above="0")


_PRINCIPAL = _number("principal", "the amount at the start", above="0")


_DIGIT = "a number"


# Examples were worked out from tables and by hand, not with the formulas beside them.
CATALOGUE: tuple[Known, ...] = (
    Known(
        "compound",
        r"compound(?:ed)?(?:ing)? interests?",
        "compound interest",
        (
            _PRINCIPAL,
            _RATE,
            _YEARS,
            _number(
                "times_per_year", "how often interest is added", above="0", default="1", whole=True
            ),
        ),
        (
            _result(
                "final_amount",
                "principal * (1 + rate / 100 / times_per_year) ** (times_per_year * years)",
            ),
            _result("interest", "final_amount - principal"),
        ),
        (_example("1000 5 2 1", "1102.50|102.50"), _example("1000 12 1 12", "1126.83|126.83")),
        "rate",
    ),
    Known(
        "interest",
        r"(?:simple )?interests?(?! rates?)",
        "simple interest",
        (_PRINCIPAL, _RATE, _YEARS),
        (
            _result("interest", "principal * rate * years / 100"),
            _result("total", "principal + interest"),
        ),
        (_example("1000 5 2", "100.00|1100.00"), _example("250 4 0.5", "5.00|255.00")),
        "rate",
    ),
    Known(
        "loan",
        r"(?:monthly )?(?:loan|mortgage|credit)s?(?: (?:monthly )?(?:payments?|rates?|instal?lments?|repayments?))?|monthly payments?|instal?lments?|amorti[sz]ation",
        "monthly payment of a loan",
        (_number("principal", "the amount borrowed", above="0"), _RATE, _YEARS),
        (
            _result(
                "monthly_payment",
                "principal / (12 * years) if rate == 0 else "
                "principal * rate / 1200 / (1 - (1 + rate / 1200) ** (-12 * years))",
            ),
            _result("total_paid", "monthly_payment * 12 * years"),
            _result("total_interest", "total_paid - principal"),
        ),
        (
            _example("200000 6 30", "1199.10|431676.38|231676.38"),
            _example("1200 0 1", "100.00|1200.00|0.00"),
        ),
        "rate",
    ),
    Known(
        "bmi",
        r"bmi|body[- ]mass[- ]index",
        "body mass index",
        (
            _number("weight", "weight in kilograms", above="0"),
            _number("height", "height in meters", above="0", most="3"),
        ),
        (
            _result("bmi", "weight / (height * height)", 1),
            Result(
                name="category",
                formula="bmi",
                bands=(
                    ("18.5", "underweight"),
                    ("25", "normal"),
                    ("30", "overweight"),
                    ("", "obese"),
                ),
            ),
        ),
        (
            _example("70 1.75", "22.9|normal"),
            _example("50 1.75", "16.3|underweight"),
            _example("95 1.75", "31.0|obese"),
        ),
    ),
    Known(
        "tip",
        r"tips?|gratuit(?:y|ies)|split(?:s|ting)? (?:a |the )?bills?|bill split(?:ter|ting)?",
        "tip and the share of each person",
        (
            _number("bill", "the amount of the bill", above="0"),
            _number("percent", "the tip in percent", least="0", default="15"),
            _number("people", "how many people share", least="1", default="1", whole=True),
        ),
        (
            _result("tip", "bill * percent / 100"),
            _result("total", "bill + tip"),
            _result("per_person", "total / people"),
        ),
        (_example("80 20 4", "16.00|96.00|24.00"), _example("50 10 1", "5.00|55.00|55.00")),
        "percent",
    ),
    Known(
        "tax",
        r"(?:sales )?tax(?:es)?|vat|gst",
        "tax on a net amount",
        (
            _number("net", "the amount without tax", least="0"),
            _number("percent", "the tax in percent", least="0", default="20"),
        ),
        (_result("tax", "net * percent / 100"), _result("gross", "net + tax")),
        (_example("100 19", "19.00|119.00"), _example("49.90 7", "3.49|53.39")),
        "percent",
    ),
    Known(
        "discount",
        r"discounts?|sale prices?",
        "price after a discount",
        (
            _number("price", "the full price", least="0"),
            _number("percent", "the discount in percent", least="0", most="100"),
        ),
        (_result("saved", "price * percent / 100"), _result("final_price", "price - saved")),
        (_example("80 25", "20.00|60.00"), _example("19.99 10", "2.00|17.99")),
    ),
    Known(
        "change",
        r"percent(?:age)? (?:changes?|increases?|decreases?|differences?)",
        "change in percent",
        (
            _number("old", "the value before", above="0"),
            _number("new", "the value after"),
        ),
        (_result("change", "new - old"), _result("percent", "(new - old) * 100 / old")),
        (_example("80 100", "20.00|25.00"), _example("50 40", "-10.00|-20.00")),
    ),
    Known(
        "percentage",
        r"percentages?|percent of",
        "what part of a whole is in percent",
        (_number("part", "the part"), _number("whole", "the whole", above="0")),
        (_result("percent", "part * 100 / whole"),),
        (_example("25 200", "12.50"), _example("1 3", "33.33")),
    ),
    Known(
        "age",
        r"(?:a person's )?ages?(?: (?:in years|of a person|from (?:a |the )?(?:birth ?date|birthday|date of birth)))?",
        "age on a day",
        (
            _date("born", "date of birth, such as 1990-05-31"),
            _date("on", "the day to tell the age of", default="today"),
        ),
        (
            _result("years", "years_between(born, on)", 0),
            _result("days", "(on - born).days", 0),
        ),
        (
            _example("1990-05-31 2024-05-30", "33|12418"),
            _example("1990-05-31 2024-05-31", "34|12419"),
        ),
    ),
    Known(
        "days",
        r"(?:number of )?days (?:between|from|until)(?: 2 dates| two dates)?|date differences?|difference between (?:two )?dates|days between dates",
        "days between two dates",
        (_date("start", "the first day"), _date("end", "the last day")),
        (
            _result("days", "(end - start).days", 0),
            _result("weeks", "days / Decimal(7)", 1),
        ),
        (_example("2024-02-01 2024-03-01", "29|4.1"), _example("2024-12-31 2024-12-24", "-7|-1.0")),
    ),
    Known(
        "fuel",
        r"fuel(?: costs?| consumption)?|gas(?:oline)? costs?|trip costs?",
        "fuel and its cost for a distance",
        (
            _number("distance", "the distance in kilometers", above="0"),
            _number("consumption", "liters for 100 km", above="0"),
            _number("price", "price of a liter", least="0"),
        ),
        (
            _result("liters", "distance * consumption / 100"),
            _result("cost", "liters * price"),
        ),
        (_example("300 6 1.80", "18.00|32.40"), _example("50 7.5 2", "3.75|7.50")),
    ),
    Known(
        "margin",
        r"profit(?:s| margins?)?|margins?|mark-?ups?",
        "profit and margin",
        (
            _number("cost", "what it costs", above="0"),
            _number("price", "what it is sold for", above="0"),
        ),
        (
            _result("profit", "price - cost"),
            _result("margin_percent", "profit * 100 / price"),
            _result("markup_percent", "profit * 100 / cost"),
        ),
        (_example("60 80", "20.00|25.00|33.33"), _example("50 40", "-10.00|-25.00|-20.00")),
    ),
    Known(
        "pay",
        r"(?:gross )?(?:pay|wages?|salary|salaries)|hourly (?:rate|pay|wage)",
        "pay for hours, overtime with a higher rate",
        (
            _number("hours", "hours worked", least="0"),
            _number("rate", "pay of an hour", least="0"),
            _number("overtime_after", "hours after which overtime begins", least="0", default="40"),
            _number("overtime_factor", "how much more overtime is worth", least="1", default="1.5"),
        ),
        (
            _result("overtime_hours", "max(hours - overtime_after, Decimal(0))"),
            _result(
                "pay", "(hours - overtime_hours) * rate + overtime_hours * rate * overtime_factor"
            ),
        ),
        (_example("38 20 40 1.5", "0.00|760.00"), _example("45 20 40 1.5", "5.00|950.00")),
    ),
    Known(
        "circle",
        r"circles?|area of (?:a |the )?circle|circumferences?",
        "area and circumference of a circle",
        (_number("radius", "the radius", above="0"),),
        (_result("area", "pi * radius * radius"), _result("circumference", "2 * pi * radius")),
        (_example("1", "3.14|6.28"), _example("5", "78.54|31.42")),
    ),
    Known(
        "rectangle",
        r"rectangles?|area of (?:a |the )?(?:rectangle|room)",
        "area and perimeter of a rectangle",
        (
            _number("width", "the width", above="0"),
            _number("height", "the height", above="0"),
        ),
        (_result("area", "width * height"), _result("perimeter", "2 * (width + height)")),
        (_example("3 4", "12.00|14.00"), _example("2.5 2", "5.00|9.00")),
    ),
    Known(
        "triangle",
        r"triangles?|hypotenuses?|pythagor\w+",
        "right triangle from its two legs",
        (_number("a", "the first leg", above="0"), _number("b", "the second leg", above="0")),
        (_result("hypotenuse", "(a * a + b * b).sqrt()"), _result("area", "a * b / 2")),
        (_example("3 4", "5.00|6.00"), _example("1 1", "1.41|0.50")),
    ),
    Known(
        "add",
        r"add(?:s|ing|ition)?|sums?|plus",
        "sum of two numbers",
        (_number("first", _DIGIT), _number("second", _DIGIT)),
        (_result("result", "first + second", 6),),
        (_example("1.1 2.2", "3.300000"), _example("5 -7", "-2.000000")),
    ),
    Known(
        "subtract",
        r"subtract(?:s|ing|ion)?|minus|differences?",
        "difference of two numbers",
        (_number("first", _DIGIT), _number("second", _DIGIT)),
        (_result("result", "first - second", 6),),
        (_example("5 7", "-2.000000"), _example("0.3 0.1", "0.200000")),
    ),
    Known(
        "multiply",
        r"multipl(?:y|ies|ying|ication)|times|products?",
        "product of two numbers",
        (_number("first", _DIGIT), _number("second", _DIGIT)),
        (_result("result", "first * second", 6),),
        (_example("6 7", "42.000000"), _example("-0.5 0.5", "-0.250000")),
    ),
    Known(
        "divide",
        r"divid(?:e|es|ing)|division|quotients?",
        "quotient of two numbers",
        (
            _number("dividend", "the number to divide"),
            _number("divisor", "the number to divide by"),
        ),
        (_result("result", "dividend / divisor", 6),),
        (_example("1 8", "0.125000"), _example("-2 3", "-0.666667")),
    ),
)
