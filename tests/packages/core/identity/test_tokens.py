"""Secrets that people and programs carry."""

import pytest

from quantumlayer.core.identity.tokens import (
    is_api_key,
    is_token,
    new_api_key,
    new_token,
    secret_hash,
    shown_prefix,
)


def test_a_fresh_key_has_the_form_of_a_key_and_is_like_no_other() -> None:
    keys = {new_api_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(is_api_key(key) for key in keys)
    assert is_token(new_token())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ql_",
        "ql_" + "a" * 42,
        "ql_" + "a" * 44,
        "QL_" + "a" * 43,
        "ql_" + "a" * 42 + "é",
        "ql_" + "a" * 43 + "\n",
        "a" * 43,
    ],
)
def test_what_is_no_key_is_not_looked_up(text: str) -> None:
    assert not is_api_key(text)


def test_the_prefix_tells_keys_apart_but_gives_nothing_away() -> None:
    key = new_api_key()
    assert key.startswith(shown_prefix(key))
    assert len(shown_prefix(key)) == 9


def test_the_hash_is_that_of_the_whole_secret() -> None:
    assert secret_hash("ql_x") != secret_hash("ql_y")
    assert len(secret_hash("ql_x")) == 64
