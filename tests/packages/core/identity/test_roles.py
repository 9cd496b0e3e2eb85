"""What each role may do."""

import pytest

from quantumlayer.core.identity import PERMISSIONS, Permission, Role


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.OWNER, {Permission.READ, Permission.RUN, Permission.MANAGE_CREDENTIALS}),
        (Role.MEMBER, {Permission.READ, Permission.RUN}),
        (Role.VIEWER, {Permission.READ}),
    ],
)
def test_the_table_says_what_a_role_may_do(role: Role, allowed: set[Permission]) -> None:
    assert PERMISSIONS[role] == allowed


def test_every_role_is_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)
