from __future__ import annotations

import pytest

from assistant.errors import SettingsError
from assistant.indexing.shared import open_shared
from assistant.interfaces.cli import main
from assistant.settings import read_settings


@pytest.mark.parametrize("address", ["mysql://root:secret@host/db", "policies", "redis://x", "index.faiss"])
def test_an_address_no_engine_has_is_refused_without_its_password(address):
    with pytest.raises(SettingsError, match="看不懂索引地址") as raised:
        open_shared(address, "", None)
    assert "secret" not in str(raised.value)


def test_the_store_comes_from_the_command_line_or_the_environment():
    assert read_settings({}).store == ""
    assert read_settings({"POLICY_STORE": "postgresql:///one"}).store == "postgresql:///one"
    assert read_settings({"POLICY_STORE": "postgresql:///one"}, store="postgresql:///two").store == "postgresql:///two"


def test_a_command_over_a_store_that_cannot_be_opened_says_so(capsys):
    assert main(["ask", "--store", "mysql://root:secret@host/db", "广州首席技师有什么待遇"]) == 1
    seen = capsys.readouterr()
    assert "看不懂索引地址" in seen.err
    assert "secret" not in seen.err
    assert seen.out == ""
