"""A second opinion by path: a tiny cross-encoder made here, with no network. It can drop statements and admit none."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import pytest

from assistant.answering.generating import Phrasing
from assistant.answering.waiting import Waiter
from assistant.errors import PhraserError
from assistant.integrations.cross_encoder import open_checker
from assistant.integrations.langchain import open_phraser
from assistant.model import Question
from tests.conftest import TODAY

from .scripted_server import honest, statements

pytestmark = pytest.mark.skipif(find_spec("sentence_transformers") is None, reason="the encoder extra is not installed")
FUNDS = "广州职工教育经费至少多少要用在一线"
NLI = {0: "contradiction", 1: "entailment", 2: "neutral"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Save a BERT of one narrow layer whose last bias decides: its answer is the same for every pair."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    def saving(name, labels, biases):
        folder = tmp_path_factory.mktemp("checkers") / name
        vocabulary = {word: row for row, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"企业要按规定足额"])}
        tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
        fast = PreTrainedTokenizerFast(
            tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
        )
        config = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=8,
            id2label=labels,
            label2id={label: row for row, label in labels.items()},
        )
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.copy_(torch.tensor(biases))
        model.save_pretrained(str(folder))
        fast.save_pretrained(str(folder))
        return folder

    return saving


@pytest.mark.parametrize(
    ("labels", "biases", "supported"),
    [
        (NLI, [0.0, 5.0, 1.0], True),
        (NLI, [5.0, 0.0, 1.0], False),
        (NLI, [0.0, 4.0, 5.0], False),  # neutral is no yes
        ({0: "ENTAILMENT", 1: "other"}, [3.0, 0.0], True),
        ({0: "LABEL_0"}, [4.0], True),  # one score, past a sigmoid
        ({0: "LABEL_0"}, [-4.0], False),
    ],
)
def test_its_classes_are_read(made, labels, biases, supported):
    checker = open_checker(made("one", labels, biases))
    assert checker.supports([("企业要按规定", "企业要"), ("要", "企业")]) == [supported, supported]


def phrased(server, answerer, checker, says=honest):
    server.says = says
    phrasing = Phrasing(open_phraser(server.model, 5, {}), Waiter(5), checker)
    return replace(answerer, phrasing=phrasing).answer(Question(FUNDS), TODAY)


def test_it_only_tightens(server, real_answerer, made):
    plain = real_answerer.answer(Question(FUNDS), TODAY)
    free = phrased(server, real_answerer, None)
    yes, no = (open_checker(made(f"nli{row}", NLI, biases)) for row, biases in enumerate(([0, 5.0, 0], [5.0, 0, 0])))
    assert phrased(server, real_answerer, yes).draft == free.draft
    dropped = phrased(server, real_answerer, no)
    assert dropped.draft.statements == plain.draft.statements != free.draft.statements
    assert "没有一句通过核对" in dropped.draft.remarks[-1]

    def forged(asked):
        return statements([{"text": "企业要按规定提取90%的职工教育经费。", "clauses": [1]}])

    assert phrased(server, real_answerer, yes, forged).draft.statements == plain.draft.statements


def test_one_that_breaks_leaves_the_documents_words(server, real_answerer):
    class Broken:
        name = "broken"

        def supports(self, pairs):
            raise RuntimeError("秘密")

    reply = phrased(server, real_answerer, Broken())
    assert reply.draft.statements == real_answerer.answer(Question(FUNDS), TODAY).draft.statements
    assert "没有答复成功，以上都是文件原句" in reply.draft.remarks[-1]


def test_what_cannot_be_used_is_refused_by_name(made, tmp_path):
    mute = made("mute", {0: "LABEL_0", 1: "LABEL_1"}, [0.0, 0.0])
    pickled = made("pickled", NLI, [0.0, 1.0, 0.0])
    (pickled / "pytorch_model.bin").write_bytes(b"x")
    damaged = made("damaged", NLI, [0.0, 1.0, 0.0])
    (damaged / "config.json").write_text("{", encoding="utf-8")
    for folder, why in (
        (tmp_path / "none", "没有这个文件夹"),
        (mute, "蕴含"),
        (pickled, "safetensors"),
        (damaged, "加载失败"),
    ):
        with pytest.raises(PhraserError, match=f"{folder.name}”用不了：.*{why}"):
            open_checker(folder)
