from click.testing import CliRunner, Result

from starter_name.commands import main


def run(*arguments: str, text: bytes = b"") -> Result:
    return CliRunner().invoke(main, arguments, input=text)


def test_the_most_frequent_words_come_first() -> None:
    done = run("count", "-", "--most", "1", text=b"tea milk tea\n")

    assert (done.exit_code, done.stdout, done.stderr) == (0, "2\ttea\n", "")


def test_what_is_no_text_is_refused_in_a_sentence() -> None:
    done = run("count", "-", text=b"\xff\xfe")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: <stdin> is not text in UTF-8.\n"


def test_wrong_usage_has_a_status_of_its_own() -> None:
    assert run("count", "no-such-file").exit_code == 2
    assert run("count", "-", "--most", "0").exit_code == 2
    assert run("--help").exit_code == run("--version").exit_code == 0
