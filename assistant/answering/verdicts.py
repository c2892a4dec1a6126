"""The first word of an answer to a yes-or-no question: 是, 不是, 不一定. Said only as far as the quotation bears it.

A thing allowed or urged is never 是: 「可」 and 「鼓励」 give nobody a right.
"""

from __future__ import annotations

import re

from assistant.answering.premises import quantities_in
from assistant.model import Citation, Force
from assistant.provisions.conditions import ConditionKind, conditions
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

# What a question asks besides yes or no is answered by that, not by a first word
_OTHER_SHAPES = (
    QuestionKind.NUMBER,
    QuestionKind.MONEY,
    QuestionKind.DURATION,
    QuestionKind.DEADLINE,
    QuestionKind.LIST,
    QuestionKind.COMPARISON,
    QuestionKind.AUTHORITY,
    QuestionKind.PROCEDURE,
    QuestionKind.CONSEQUENCE,
)
_WHICH = re.compile(r"哪|谁|什么|啥|怎么|怎样|如何|多少|几(?!乎)|还是|边|乜|点样")
# 「能落户吗」, 「可以评吗」, 「有份吗」, 「轮得到不」
_WHETHER_ONE_MAY = re.compile(
    r"能不能|可不可以|可唔可以|行不行|得不得|(?<![技功职性机才智])能(?!力|手|级|源|够?持续)|可以|允许|准不准|有份|轮得到|算不算|享受|申请|领|拿得?到|给不给|会不会给"
)
# 「有没有休假疗养」, 「有冇线上嘅」, 「写了吗」
_WHETHER_THERE_IS = re.compile(
    r"有没有|有冇|有无|有.{0,16}(?:吗|嗎|么|没有?)|提(?:到|没提)|写(?:了|没写|到)|讲(?:过|没讲)"
)
# 「有没有休假疗养」, 「有补贴吗」: the thing asked after, from its name's end
_THING = re.compile(r"(?:有没有|有冇|有无|有)([^，,。；;？?]{1,16}?)(?:吗|嗎|么|没有?|[，,。；;？?]|$)")
# Things that whoever is told 是 will count on, each with the words any one of which must stand in the quotation
_COUNTED_ON = {
    "补贴、奖励": re.compile(r"补贴|津贴|补助|奖|(?:发|给|拿|领|有|补|倒贴|返)(?:点|些|一笔)?钱|资助|报销"),
    "免费": re.compile(r"免费|不收费|免收|减免|不用(?:交|花)钱"),
}
# 「…对吧」, 「…是吧」, 「不是说…吗」: something is taken for granted
CLAIMED = re.compile(
    r"对吧|对吗|对不对|是吧|对么|没错吧|没记错|吧[？?。]?$|不是说|听说|都说|是不是真的|是真的|系咪|啱唔啱|准不准"
)
# 「不评会怎么样」, 「要是不设会被罚吗」
_NOT_DONE = re.compile(
    r"(?:不|没)(?:评|设|建|给|提|做|搞|办|交|弄|发|执行|落实)[^，,。？?]{0,4}(?:会|要)?(?:怎|被|罚|有什么后果|受罚|违)"
)
_SANCTION = re.compile(r"追回|限制|通报|挂钩|取消|不予|处罚|责令")
# Conditions that leave open who is meant, as against 按规定, which only names further rules
_NARROWS = frozenset({ConditionKind.OPEN, ConditionKind.MERIT, ConditionKind.EQUAL})


def verdict(asked: Understanding, best: Citation) -> str:
    """「是。」, 「不是硬性规定。」, 「不一定：…」 for a question answered by yes or no; "" for any other.

    Args:
        asked: the question; nothing it assumes was found false.
        best: the words the answer rests on.
    """
    if no_consequence(asked, best):
        return "不是硬性规定，文件没有写不做会怎样。"
    if not asked.asks(QuestionKind.YES_NO, QuestionKind.BINDING) or len(asked.parts) > 1:
        return ""
    if asked.asks(*_OTHER_SHAPES) or (_WHICH.search(asked.text) and not CLAIMED.search(asked.text)):
        return ""
    if asked.asks(QuestionKind.BINDING):
        return _binding(best)
    if CLAIMED.search(asked.text):
        for thing, words in _COUNTED_ON.items():
            if words.search(asked.matter) and not words.search(best.quote):
                return f"不一定，原文没有直接写{thing}。"
        claims = [(claim.value, claim.unit) for claim in quantities_in(asked.text)]
        held = [(quantity.value, quantity.unit) for quantity in quantities_in(best.quote)]
        return "是，原文是这样写的。" if claims and all(claim in held for claim in claims) else ""
    narrowed = [c for c in conditions(best.gist or best.quote) if c.kind in _NARROWS]
    if _WHETHER_ONE_MAY.search(asked.text):
        return _whether_one_may(best.force, narrowed[0].text if narrowed else "")
    if _WHETHER_THERE_IS.search(asked.text):
        return _whether_there_is(asked, best)
    return ""


def _whether_there_is(asked: Understanding, best: Citation) -> str:
    """是 only where the quotation names the thing: what stands near 「补贴」 promises none."""
    named = _THING.search(asked.text)
    thing = named[1].rstrip("的") if named else ""
    for words in _COUNTED_ON.values():
        if words.search(f"有{thing}") and not words.search(best.quote):
            return f"不一定，原文没有直接写“{thing}”。"
    named_there = thing[-2:] in best.quote if thing else _speaks_of(asked, best)
    return "是，文件写到了。" if named_there else ""


def _speaks_of(asked: Understanding, best: Citation) -> bool:
    """Whether the words share two characters side by side with the question, or with what it takes over."""
    question = f"{asked.search_text} {asked.carried_topic}"
    pairs = (question[at : at + 2] for at in range(len(question) - 1))
    return any(pair in best.quote for pair in pairs if re.fullmatch(r"[\u4e00-\u9fff]{2}", pair))


def no_consequence(asked: Understanding, best: Citation) -> bool:
    """Whether it is asked what follows from not doing what is only encouraged or allowed, and nothing is threatened."""
    if asked.asks(QuestionKind.MONEY, QuestionKind.NUMBER, QuestionKind.DURATION):
        return False
    urged = best.force in (Force.ENCOURAGED, Force.MAY)
    return urged and bool(_NOT_DONE.search(asked.text)) and not _SANCTION.search(best.whole.quote)


def _binding(best: Citation) -> str:
    match best.force:
        case Force.MUST if "原则上" in best.quote:
            return "是，但留有例外。"
        case Force.MUST:
            return "是。"
        case Force.GOAL:
            return "不是硬性规定，是工作目标。"
        case Force.NONE:
            return "不一定，原文没有硬性要求的字眼。"
        case _:
            return "不是硬性规定。"


def _whether_one_may(force: Force, condition: str) -> str:
    if condition:
        return f"不一定，原文有条件（“{condition}”）。"
    match force:
        case Force.MAY:
            return "不一定：原文允许，不是一定给。"
        case Force.ENCOURAGED:
            return "不一定，原文不强制。"
        case Force.MUST:
            return "是。"
        case _:
            return "不一定，原文只写到这里。"
