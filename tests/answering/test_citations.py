from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest

from assistant.answering.citations import cite, cite_span, unsupported, verify_quote
from assistant.answering.focusing import Focus
from assistant.errors import QuoteNotFoundError
from assistant.model import Citation, Force, Policy, Span, Status, StatusReading

DAY = date(2026, 11, 20)
UNKNOWN = StatusReading(Status.UNKNOWN, None, "")


def document_of(answerer, policies, place):
    return answerer.holdings.document(policies[place].policy_id)


def test_every_chunk_of_the_corpus_can_be_cited_and_is_a_slice(real_answerer):
    cited = 0
    for chunk in real_answerer.holdings.chunks.values():
        document = real_answerer.holdings.document(chunk.policy_id)
        citation = cite(document, chunk, DAY)
        raw = document.policy.text[citation.span.start : citation.span.end]
        assert citation.quote == chunk.text
        assert "".join(citation.quote.split()) == "".join(raw.split())
        assert citation.span in citation.clause.span
        cited += 1
    assert cited > 400


def test_a_quote_across_the_page_break_is_shown_joined_and_kept_raw(ask):
    reply = ask("企业要按有关规定足额提取和使用职工教育经费吗", "广东")
    citation = reply.draft.citations[0]
    assert citation.quote.startswith("企业要按有关规定足额提取和使用职工教育经费")
    raw = citation.span.of(citation.policy.text)
    assert raw.startswith("企\n\n业要按有关规定")
    assert citation.clause.path == "七、（三）"


def test_a_citation_outside_its_clause_cannot_be_made(real_answerer, real_policies):
    document = document_of(real_answerer, real_policies, "广州")
    policy = document.policy
    clause = next(node for node in document.root.walk() if node.path == "三、（六）")
    inside = Span(clause.span.start, clause.span.start + 10)
    assert Citation(policy, clause, inside, UNKNOWN).quote == policy.text[inside.start : inside.end]
    for span in (
        Span(clause.span.start - 1, clause.span.start + 5),  # begins before it
        Span(clause.span.end - 5, clause.span.end + 1),  # ends behind it
        Span(0, 5),  # elsewhere
        Span(inside.start, inside.start),  # nothing
    ):
        with pytest.raises(ValueError, match=re.escape(clause.clause_id)):
            Citation(policy, clause, span, UNKNOWN)


def test_a_citation_of_blanks_cannot_be_made(real_answerer, real_policies):
    document = document_of(real_answerer, real_policies, "广东")
    at = document.policy.text.index("企\n\n业要") + 1
    with pytest.raises(ValueError, match="is empty"):
        Citation(document.policy, document.root, Span(at, at + 2), UNKNOWN)


def test_the_innermost_clause_that_holds_the_words_is_named(real_answerer, real_policies):
    document = document_of(real_answerer, real_policies, "广州")
    text = document.policy.text
    start = text.index("建立全市高技能领军人才库")
    assert cite_span(document, Span(start, start + 12), DAY).clause.path == "二、（一）"
    across = Span(start, text.index("行业主管部门应当") + 8)  # over two items: only their chapter holds it
    assert cite_span(document, across, DAY).clause.path == "二"


def test_the_force_is_that_of_the_part_asked_about(real_answerer, real_policies):
    document = document_of(real_answerer, real_policies, "广州")
    tokenizer = real_answerer.holdings.library.tokenizer
    words = "鼓励企业开展首席技师、特级技师评聘工作,聘任为特级技师、首席技师技术职务(岗位)的人员,可比照"
    start = document.policy.text.index(words)
    span = Span(start, document.policy.text.index("。", start) + 1)

    def force(question):
        return cite_span(document, span, DAY, Focus(dict.fromkeys(tokenizer.tokens(question), 1.0), tokenizer)).force

    assert force("必须开展评聘工作吗") is Force.ENCOURAGED
    assert force("高级管理人员的同等待遇") is Force.MAY
    assert cite_span(document, span, DAY, binding=False).force is Force.NONE


# --- forgeries: true sentences of the five texts, changed by rule ------------------------------------------------

TRUE = [
    ("广州", "企业要按规定足额提取和使用职工教育经费,60%以上用于一线职工教育和培训"),
    ("广州", "鼓励企业开展首席技师、特级技师评聘工作"),
    ("广州", "可比照本单位正高级职称人员、高级管理人员享受同等待遇"),
    ("广州", "高技能人才人均工资增幅原则上不低于本单位管理人员人均工资增幅"),
    ("广州", "名额不超过每批次“羊城工匠”的20%"),
    ("广州", "每年遴选建设10家市级高技能人才培训基地和10家市级技能大师工作室"),
    ("广州", "到2027年,预计全市技能人才总量达460万人以上,高技能人才达185万人"),
    ("湛江", "引导企业按规定足额提取和使用职工教育经费，60%以上用于一线职工教育和培训"),
    ("湛江", "自主对各等级直接认定，不受逐级评价的限制"),
    ("湛江", "可申请签发2-5年有效的签证或居留许可"),
    ("湛江", "将经人力资源社会保障部门鉴定具有高级技师（一级）任职资格人员纳入湛江市高层次人才C类认定清单"),
    ("湛江", "团代表大会代表、团的委员会委员候选人中，至少有1名高技能人才代表"),
    ("广东", "企业要按有关规定足额提取和使用职工教育经费，制订年度职工教育培训经费使用计划"),  # across the page break
    ("广东", "遴选100家龙头企业、100家优质院校，搭建“双百”技能生态平台"),
    ("广东", "技师以上等级技术技能型岗位，可采取企业直评、评聘结合的方式开展"),
    ("海珠", "评定10名（每个企业限入选1名）“海珠首席技师”"),
    ("海珠", "鼓励产业导师每人每年贡献2小时"),
    ("海珠", "落实将企业职工教育经费税前扣除限额提高至工资薪金总额8%的税收政策"),
    ("海珠", "对于违规发放或错误发放补贴的，予以追回"),
    ("浙江", "高技能人才总量达到800万人以上,占技能人才比例超过40%"),
    ("浙江", "鼓励上市企业给予高技能人才股权激励"),
    ("浙江", "取得职业技能等级证书的社会学习者可免修部分课程或模块"),
]
SWAPS = {  # rule → what it changes into what
    "percent": [("60%", "90%"), ("20%", "25%"), ("40%", "36%"), ("8%", "2.5%")],
    "negation": [
        ("不超过", "超过"),
        ("不低于", "低于"),
        ("不受", "受"),
        ("原则上不", "原则上"),
        ("予以追回", "不予追回"),
    ],
    "modal": [
        ("鼓励", "要求"),
        ("鼓励", "应当"),
        ("可", "应"),
        ("要按", "可按"),
        ("引导", "督促"),
        ("至少有", "最多有"),
        ("原则上", "一律"),
    ],
    "level": [
        ("首席技师", "高级技师"),
        ("高级技师", "技师"),
        ("（一级）", "（二级）"),
        ("C类", "A类"),
        ("正高级", "副高级"),
    ],
    "place": [("全市", "全省"), ("市级", "省级"), ("湛江市", "广州市"), ("海珠", "天河"), ("羊城", "湛江")],
    "unit": [("万人", "人"), ("2小时", "2天"), ("10家", "10个"), ("10名", "10家"), ("每年", "每月")],
}


def forgeries():
    for place, true in TRUE:
        for digit in re.finditer(r"\d+", true):
            for other in (str(int(digit[0]) + 1), digit[0] + "0"):
                yield place, "digit", true[: digit.start()] + other + true[digit.end() :]
        for rule, swaps in SWAPS.items():
            for old, new in swaps:
                if old in true:
                    yield place, rule, true.replace(old, new, 1)
        yield place, "dropped", true[: len(true) // 2] + true[len(true) // 2 + 1 :]
    for (place, one), (other_place, other) in pairwise(TRUE):
        yield place, "stitched", one + other  # also within one text: no two of these stand side by side
        if other_place != place:
            yield other_place, "wrong document", one


FORGED = list(dict.fromkeys(forgeries()))


def test_there_are_forgeries_of_every_rule():
    assert len(FORGED) >= 100
    assert {rule for _, rule, _ in FORGED} == {"digit", *SWAPS, "dropped", "stitched", "wrong document"}


@pytest.mark.parametrize(("place", "true"), TRUE)
def test_true_quotes_are_found_where_they_stand(real_policies, place, true):
    policy: Policy = real_policies[place]
    span = verify_quote(true, policy)
    assert "".join(span.of(policy.text).split()) == "".join(true.split())
    assert verify_quote(" ".join(true), policy) == span  # white space is ignored


@pytest.mark.parametrize(("place", "rule", "forged"), FORGED)
def test_no_forgery_is_accepted(real_policies, place, rule, forged):
    with pytest.raises(QuoteNotFoundError, match="不能作为引文"):
        verify_quote(forged, real_policies[place])


CUT = [
    ("广州", "0%以上用于一线职工教育和培训"),  # of 60%
    ("广州", "达460万人以上,高技能人才达18"),  # of 185万
    ("广州", "低于本单位管理人员人均工资增幅"),  # of 不低于
    ("湛江", "受逐级评价的限制"),  # of 不受
    ("浙江", "占技能人才比例超过3"),  # of 36%
    ("海珠", "限额提高至工资薪金总额8"),  # of 8%
    ("海珠", "000人次以上"),  # of 2000, 1000, 4000
    ("广州", ""),
    ("广州", " \n "),
]


@pytest.mark.parametrize(("place", "cut"), CUT)
def test_words_cut_out_of_a_number_or_a_negation_are_refused(real_policies, place, cut):
    with pytest.raises(QuoteNotFoundError):
        verify_quote(cut, real_policies[place])


def test_a_later_whole_occurrence_counts(real_policies):
    policy = real_policies["海珠"]
    span = verify_quote("1000人次以上", policy)
    assert policy.text[span.start - 9 : span.end].endswith("“粤菜师傅”培训1000人次以上")


@pytest.mark.parametrize(("place", "true"), TRUE)
def test_what_a_quote_says_is_supported_by_it(place, true):
    assert unsupported(true, [true]) == ()


def numbers_changed():
    """True sentences with one number changed into one that stands nowhere in them.

    A number put in the place of another of the same sentence is beyond this gate; `verify_quote` refuses it.
    """
    for _, true in TRUE:
        for number in re.finditer(r"\d+", true):
            for other in (str(int(number[0]) + 1), number[0] + "0"):
                if not re.search(rf"(?<!\d){other}(?!\d)", true):
                    yield true[: number.start()] + other + true[number.end() :], true


@pytest.mark.parametrize(("forged", "true"), list(numbers_changed()))
def test_a_changed_number_is_unsupported(forged, true):
    (claim,) = unsupported(forged, [true])
    assert claim.strip("%万") not in re.findall(r"\d+", true)


UNSUPPORTED = [
    # our sentence, the quote, what is unsupported
    ("企业必须设津贴。", "支持指导企业设立技能津贴", ("必须",)),
    ("企业应当评聘。", "鼓励企业开展首席技师评聘工作", ("应当",)),
    ("高级技师可比照。", "聘任为特级技师、首席技师的人员,可比照", ("高级技师",)),
    ("技师可比照。", "聘任为首席技师的人员,可比照", ("技师",)),  # another level, though the word stands in it
    ("技师可比照。", "评聘的技师以上高技能人才", ()),
    ("共10万人。", "培训10人", ("10万",)),  # the unit is part of the number
    ("共10人。", "培训10万人", ("10",)),
    ("占6%。", "占60%以上", ("6%",)),
    ("占60。", "占60%以上", ("60",)),
    ("到2027年达460万人。", "到2027年,预计全市技能人才总量达460万人以上", ()),
    ("一律不得拖延。", "要按规定提取", ("不得", "一律")),
    ("这是工作目标，不是承诺。", "到2021年底", ()),  # no claim
    ("共28项。", "28项公共\n服务优惠政策", ()),  # white space apart
    ("「90%」", "60%", ("90%",)),  # inside our own quotation marks too
    ("共3项。", "", ("3",)),
]


@pytest.mark.parametrize(("sentence", "quote", "expected"), UNSUPPORTED)
def test_unsupported_claims_are_named(sentence, quote, expected):
    assert unsupported(sentence, [quote] if quote else []) == expected


@pytest.mark.parametrize(
    ("sentence", "question", "force"),
    [
        # who is urged is urged to both
        ("支持符合条件的职业学校申报政府专项债券,加强基础设施建设。", "学校盖楼 基础设施", "encouraged"),
        # the second part is the issuer's own work
        ("引导企业建立健全技能人才薪酬分配制度,深入开展产业工人能级工资集体协商工作。", "能级工资集体协商", "none"),
        # another office acts
        ("鼓励学生取得证书，市教育局将取得证书作为考核学校教学质量的依据。", "考核学校教学质量", "none"),
        # what hangs on 要 goes on being a duty
        ("企业要为新工匠制定职业发展规划，建立晋升成长通道。", "晋升成长通道", "must"),
        # the circumstances of the duty are no duty
        ("企业要足额提取经费,经费提取和使用情况与申请用地挂钩。", "申请用地挂钩", "none"),
        # a year with what is to be reached in it
        ("支持企业开展培训，2024年完成补贴性培训13000人次以上。", "2024年完成补贴性培训", "goal"),
        # a target behind it is not its own
        ("针对残疾人员，开展专项培训，到2021年，全区新增培训600人。", "残疾人员 专项培训", "none"),
        # a permission goes on over when it is used
        ("社会学习者可免修部分课程,在完成规定内容学习后取得学历证书。", "完成 学习 取得 学历证书", "may"),
        # who is urged acts only in the last part
        ("支持生态圈以国家标准为依据,以实际需求为导向,试点推行“一试双证”制度。", "试点推行 一试双证", "encouraged"),
        # 在…中放宽 is no aside of the part behind it
        ("在引进人才入户中放宽对高级工的年龄限制,引导人才合理流动。", "入户 放宽 年龄限制", "none"),
    ],
)
def test_a_part_hangs_on_the_modal_word_before_it_or_begins_anew(real_answerer, sentence, question, force):
    tokenizer = real_answerer.holdings.library.tokenizer
    words = dict.fromkeys(tokenizer.tokens(question), 1.0)
    assert Focus(words, tokenizer).read(sentence).force.value == force
