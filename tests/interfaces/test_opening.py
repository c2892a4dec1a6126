from __future__ import annotations

import builtins

import pytest

from assistant.errors import PhraserError, SettingsError
from assistant.interfaces import cli
from assistant.interfaces.opening import open_with_model, patient
from assistant.settings import ServingSettings, Settings, read_settings


def test_no_model_is_used_unless_named(real_settings):
    assert read_settings({}).llm == ""
    assert open_with_model(real_settings).phrasing is None


def test_a_model_is_named_by_option_or_environment():
    assert read_settings({"POLICY_LLM": "ollama:qwen3", "POLICY_LLM_TIMEOUT": "20"}).llm_timeout == 20
    assert read_settings({"POLICY_LLM": "ollama:qwen3"}).llm == "ollama:qwen3"
    assert read_settings({"POLICY_LLM": "ollama:qwen3"}, llm="openai:x").llm == "openai:x"
    assert read_settings({"POLICY_LLM": "ollama:qwen3"}, llm="").llm == ""


@pytest.mark.parametrize("seconds", ["0", "-1", "8.5", "abc", "121", "٣", "9" * 5000])
def test_a_time_that_makes_no_sense_is_refused(seconds):
    with pytest.raises(SettingsError, match="POLICY_LLM_TIMEOUT"):
        read_settings({"POLICY_LLM_TIMEOUT": seconds})


def test_a_server_waits_longer_than_its_model():
    assert patient(ServingSettings(), Settings()).patience == 10
    assert patient(ServingSettings(), Settings(llm="a:b", llm_timeout=30)).patience > 31


def test_without_langchain_the_remedy_is_told(real_settings, monkeypatch):
    real_import = builtins.__import__

    def without(name, *rest):
        if name.startswith("assistant.integrations"):
            raise ImportError(name)
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PhraserError, match="pip install"):
        open_with_model(Settings(index_dir=real_settings.index_dir, llm="ollama:qwen3"))


def test_a_model_nobody_answers_for_costs_only_a_notice(real_settings, monkeypatch, capsys):
    pytest.importorskip("langchain_openai")
    monkeypatch.setenv("POLICY_INDEX", str(real_settings.index_dir))
    assert cli.main(["ask", "广州首席技师有什么待遇", "--llm", "nobody@http://127.0.0.1:9/v1"]) == 0
    told = capsys.readouterr().out
    assert "语言模型（nobody@http://127.0.0.1:9/v1）没有答复成功" in told
    assert "可比照本单位正高级职称人员" in told


def test_a_model_that_cannot_be_named_stops_the_command(real_settings, monkeypatch, capsys):
    pytest.importorskip("langchain")
    monkeypatch.setenv("POLICY_INDEX", str(real_settings.index_dir))
    assert cli.main(["ask", "广州首席技师有什么待遇", "--llm", "没有这个模型"]) == 1
    assert "用不了" in capsys.readouterr().err
