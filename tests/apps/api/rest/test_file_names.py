"""Names in Content-Disposition."""

from quantumlayer.api.rest.file_names import attachment


def test_a_plain_name_is_given_both_ways() -> None:
    assert attachment("a-1.zip") == "attachment; filename=\"a-1.zip\"; filename*=UTF-8''a-1.zip"


def test_other_letters_are_escaped_for_new_clients_and_replaced_for_old_ones() -> None:
    value = attachment('bücher "1"\r\n.zip')
    assert 'filename="b_cher _1___.zip"' in value
    assert "filename*=UTF-8''b%C3%BCcher%20%221%22%0D%0A.zip" in value
