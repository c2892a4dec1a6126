"""Our parts as LangChain's: what they give, and an agent that uses them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.runnables import RunnableLambda
from made_files import RULES, laid_out, make_page, make_pdf

from assistant.answering.generating import Phrasing
from assistant.answering.waiting import Waiter
from assistant.errors import CorpusError, JurisdictionError, PhraserError
from assistant.integrations.langchain import (
    ClauseSplitter,
    PolicyLoader,
    PolicyRetriever,
    StaticEmbeddings,
    open_phraser,
    policy_qa,
    policy_tools,
)
from assistant.registers.register import open_register
from tests.conftest import TODAY

QUESTION = "广州首席技师有什么待遇"


def clock():
    return TODAY


@pytest.fixture(scope="module")
def tools(real_answerer, real_settings):
    return {tool.name: tool for tool in policy_tools(real_answerer, open_register(real_settings), clock)}


class CallingModel(GenericFakeChatModel):
    """A model that calls the tools its script names."""

    def bind_tools(self, tools, **_):
        assert {tool.name for tool in tools} == {"ask_policy", "get_clause", "list_entitlements"}
        return self


def test_retrieved_documents_can_be_cited(real_answerer, real_policies, corpus_dir):
    found = PolicyRetriever(answerer=real_answerer, clock=clock).invoke(QUESTION)
    assert len(found) == 8
    for document in found:
        about = document.metadata
        text = real_policies["广州"].text if about["policy_id"].startswith("guangzhou") else None
        source = (corpus_dir.parent / about["source"]).read_bytes().decode("utf-8-sig")
        assert "".join(source[about["start"] : about["end"]].split()) == "".join(document.page_content.split())
        assert text is None or source == text
        assert {"title", "issuers", "document_number", "clause", "policy_status", "force", "sha256"} <= about.keys()


def test_retrieval_keeps_to_its_place(real_answerer):
    elsewhere = PolicyRetriever(answerer=real_answerer, clock=clock, region="深圳").invoke("技师有补贴吗")
    assert {d.metadata["jurisdiction"] for d in elsewhere} == {"广东省"}
    with pytest.raises(JurisdictionError):
        PolicyRetriever(answerer=real_answerer, clock=clock, region="火星").invoke("技师有补贴吗")


def test_loader_reads_texts_as_received(corpus_dir):
    loaded = PolicyLoader(corpus_dir).load()
    assert len(loaded) == 5
    assert {d.metadata["jurisdiction"] for d in loaded} >= {"广东省", "浙江省", "广东省广州市"}
    one = PolicyLoader(corpus_dir.parent / loaded[0].metadata["source"]).load()
    assert [d.page_content for d in one] == [loaded[0].page_content]


@pytest.mark.parametrize("unit", ["clause", "sentence"])
def test_splitter_cuts_at_clauses_and_every_piece_is_a_slice(corpus_dir, unit):
    loaded = PolicyLoader(corpus_dir).load()
    pieces = ClauseSplitter(unit).split_documents(loaded)
    texts = {d.metadata["policy_id"]: d.page_content for d in loaded}
    assert len(pieces) > 90
    for piece in pieces:
        about = piece.metadata
        assert texts[about["policy_id"]][about["start"] : about["end"]] == piece.page_content
        assert piece.page_content.strip()
    funds = [p for p in pieces if "企业要按规定足额提取" in p.page_content]
    assert [p.metadata["clause"] for p in funds] == ["六"]
    assert not any("联系我们" in p.page_content for p in pieces)


def test_splitter_takes_plain_text():
    assert (
        ClauseSplitter("sentence")
        .split_text("一、总则\n企业要培训。企业可评聘。\n二、附则\n由市人社局解释。\n")[-1]
        .startswith("由市")
    )


def test_embeddings_put_like_with_like():
    model = StaticEmbeddings()
    near, far = model.embed_documents(["鼓励企业评聘首席技师", "今天天气很好适合去公园"])
    asked = model.embed_query("首席技师评聘")
    assert sum(a * b for a, b in zip(asked, near, strict=True)) > sum(a * b for a, b in zip(asked, far, strict=True))


def test_answers_stream_evidence_first_and_add_up(real_answerer):
    qa = policy_qa(real_answerer, clock)
    pieces = list(qa.stream(QUESTION))
    assert list(pieces[0]) == ["documents"]
    assert list(pieces[-1]) == ["status", "reason", "notices"]
    whole = qa.invoke({"question": QUESTION, "region": None, "role": "hr"})
    assert "".join(piece.get("answer", "") for piece in pieces) == whole["answer"]
    assert whole["status"] == "answered"
    assert whole["documents"][0].metadata["number"] == 1


def test_evidence_is_out_before_the_model_is_asked(real_answerer):
    class Model:
        name = "计数"
        asked = 0

        def phrase(self, instructions, data):
            self.asked += 1
            return '{"statements": []}'

    model = Model()
    stream = policy_qa(replace(real_answerer, phrasing=Phrasing(model, Waiter(2))), clock).stream(QUESTION)
    assert next(stream)["documents"]
    assert model.asked == 0
    assert "计数" in "".join(piece.get("answer", "") for piece in stream)
    assert model.asked == 1


async def test_answers_work_in_chains_and_asynchronously(real_answerer):
    chain = RunnableLambda(str.strip) | policy_qa(real_answerer, clock)
    assert chain.invoke("  广州技能津贴一个月多少钱  ")["reason"] == "not_stated"
    assert (await chain.ainvoke("政策"))["status"] == "clarify"
    assert [reply["status"] for reply in chain.batch([QUESTION, "加班费怎么算"])] == ["answered", "refused"]


def test_tools_answer_in_words_and_carry_their_evidence(tools):
    called = tools["ask_policy"].invoke(
        {"type": "tool_call", "id": "1", "name": "ask_policy", "args": {"question": QUESTION}}
    )
    assert "可比照本单位正高级职称人员" in called.content
    assert "guangzhou-2025-skilled-talent 三、（六）" in called.content
    assert called.artifact[0].metadata["clause"] == "三、（六）"
    clause = tools["get_clause"].invoke({"policy_id": "guangzhou-2025-skilled-talent", "clause": "三、(六)"})
    assert "特级技师评聘" in clause
    draft = tools["get_clause"].invoke({"policy_id": "zhanjiang-draft-skilled-talent", "clause": "五、（十七）"})
    assert "征求意见稿" in draft.splitlines()[0]
    rows = tools["list_entitlements"].invoke({"place": "海珠", "level": "技师", "employer": "国企"})
    assert "共 " in rows
    assert "直接适用" in rows


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("get_clause", {"policy_id": "nowhere", "clause": "一"}, "库里没有这个编号"),
        ("get_clause", {"policy_id": "guangzhou-2025-skilled-talent", "clause": "九、（九）"}, "没有这一条"),
        ("list_entitlements", {"place": "火星"}, "火星"),
        ("list_entitlements", {"place": "广州", "level": "大师"}, "大师"),
        ("ask_policy", {"question": ""}, "参数不合要求"),
    ],
)
def test_what_a_tool_cannot_do_it_says(tools, name, arguments, told):
    assert told in str(tools[name].invoke(arguments))


def test_an_agent_answers_with_the_tools(tools):
    calls = [
        {"name": "ask_policy", "args": {"question": QUESTION}, "id": "1"},
        {
            "name": "get_clause",
            "args": {"policy_id": "guangzhou-2025-skilled-talent", "clause": "三、（六）"},
            "id": "2",
        },
        {"name": "list_entitlements", "args": {"place": "广州", "level": "首席技师"}, "id": "3"},
    ]
    model = CallingModel(
        messages=iter([*(AIMessage("", tool_calls=[call]) for call in calls), AIMessage("见三、（六）。")])
    )
    agent = create_agent(model, list(tools.values()))
    state = agent.invoke({"messages": [{"role": "user", "content": QUESTION}]})
    told = [message for message in state["messages"] if isinstance(message, ToolMessage)]
    assert [message.name for message in told] == ["ask_policy", "get_clause", "list_entitlements"]
    assert all("首席技师" in message.content for message in told)
    assert all(message.status == "success" for message in told)
    assert state["messages"][-1].content == "见三、（六）。"


def test_a_model_that_cannot_be_opened_is_named():
    for named in ("nobody:model", "没有这个模型", ""):
        with pytest.raises(PhraserError, match="用不了"):
            open_phraser(named, 1, {})


def test_secrets_of_an_address_are_not_told():
    assert "geheim" not in open_phraser("http://user:geheim@127.0.0.1:1/v1", 1, {}).name


def test_loader_reads_files_as_received(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_bytes(make_page(RULES))
    (folder / "b.pdf").write_bytes(make_pdf(laid_out(RULES, lines=10)))
    (folder / "c.pdf").write_bytes(b"%PDF-1.7 broken")
    loader = PolicyLoader(folder)
    page, printed = loader.load()
    assert page.page_content.split() == printed.page_content.split() == RULES.split()
    assert page.metadata["document_number"] == printed.metadata["document_number"] == "乙府规〔2024〕12号"
    assert (page.metadata["pages"], len(printed.metadata["pages"])) == ([], 2)
    assert [name for name, _ in loader.refused] == ["c.pdf"]
    with pytest.raises(CorpusError, match="PDF"):
        PolicyLoader(folder / "c.pdf").load()
