"""Follow-ups: which questions need the one before them, and what of it they take over.

「那湛江呢」 takes over the topic and names another place; 「工会呢」 replaces the office; 「不评会怎样」 leaves out
what is not done. A whole question that only ends in 呢 stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.provisions.levels import LEVEL_NAME
from assistant.retrieval.cues import QuestionKind, kinds_of

_ASKING = re.compile(
    r"(?:请问|想(?:问|知道|了解|咨询)(?:一下)?|麻烦|帮我|看看|查一下|你好|您好|那个?|呢|咧|啊|呀|哦|嘛|吗|么|吧|的话|具体|到底|究竟|一下)"
)
# Words that point back to an earlier question.
_BACK = re.compile(
    r"^(?:那么?|換|换(?:作|成|到|了)?|同样|同一|一样|又|再|這|这|那|它|他们|她们|他|其|[^,，]{1,5}呢[,，?？]|以上|上面|刚才|前面|还有|另外|如果|换成|改成|边个|邊個)|^(?:谁|哪|多少|几|要|怎么|为什么|有没有|在哪|什么时候)"
)
_THIS = re.compile(r"[这那](?:种|类|张|项)(?!政策|文件|企业|人)")
_NE = re.compile(r"[呢咧嘞][？?]?$")
# 「不评会怎么样」, 「民企不设会被罚吗」: what is not done stands in the question before
_ELLIPTIC = re.compile(
    r"^(?:民企|私企|国企|企业|公司|厂里|我们?|要是|如果|假如)*(?:不|没)(?:评|设|建|给|提|做|搞|办|交|弄|发|报|考|达标|够|执行|落实|理)(?=会|的话|行|可以|有|被|怎|又|算|，|,|要|能)"
)
_ASKS = re.compile(
    r"怎么|怎样|如何|多少|几(?=[个名家年级次类分项])|谁|哪|什么|啥|该不该|有没有|能不能|是不是|要不要|算不算"
)
# 「我是高级技师，在湛江能落户吗，孩子读书呢」: what asks before its last stretch, or says first who asks
_ASKS_BEFORE = re.compile(
    rf"(?:[吗嗎么]|没有|{_ASKS.pattern})[^，,；;。？?]*[，,；;。？?].*[呢咧嘞]|^(?:我|本人|咱)[^，,；;。？?]{{2,}}[，,；;。？?]"
)
WHOLE = 7
"""Characters of its own from which a question that only ends in 呢, and asks by another word, stands alone."""
# 「家政那块呢」: the thing put in the place of the one asked about before
_OTHER = re.compile(
    r"^(?:那么?|换成|换作|换到|改成|还有|至于)?(?P<name>(?![省市区县](?:里|级|的)?(?:呢|那))(?:(?![不没要能会有是])[\u4e00-\u9fff“”]){2,8}?)(?:那一?块|这一?块|那边|方面|那个|这个|的)*[呢咧嘞][？?]?$"
)
# What the question before is about, up to what it asks of it: 「粤菜师傅|要建几个基地」
_HEAD = re.compile(
    r"^[\u4e00-\u9fff“”\s]{2,10}?(?=一年|每年|要|有|能|可以|怎么|会|给|多少|几|必须|应该|该|归|由|谁|写|在[^，,]{1,4}(?:能|有))"
)
# Words of one kind, of which the one said anew replaces the old: 「那财政部门呢」, 「技师呢」, 「国企呢」
_SLOTS = (
    re.compile(f"{LEVEL_NAME}|带头人|能手|获奖者|工匠|劳模"),
    re.compile(
        r"(?:财政|工信|工业和信息化|人社|人力资源(?:和)?社会保障|教育|民政|商务|公安|科技|发改|住建|卫健|行业主管|省级|市级)(?:部门|局|厅|委)?"
        r"|工会(?:组织)?|妇联|残联|团委|共青团|工商联"
    ),
    re.compile(
        r"退役军人|退伍军人|残疾人(?:员)?|农民工|失业(?:人员)?|转岗(?:职工)?|毕业生|学生|贫困(?:家庭|户)?|学徒|老师|教师"
    ),
    re.compile(r"国有企业|国企|民营企业|民企|私企|龙头企业|大型企业|中小企业|小微企业|上市公司"),
)
_YEAR = re.compile(r"(?:19|20)\d\d\s*年?|(?<!\d)[23]\d年")


def is_follow_up(text: str, topic: str) -> bool:
    """Whether a question needs the one before it: it points back, or names no topic of its own.

    Example:
        >>> is_follow_up("那湛江呢？", ""), is_follow_up("广州首席技师有什么待遇", "首席技师有什么待遇")
        (True, False)
        >>> is_follow_up("我是技师，在湛江能落户吗，孩子读书呢", "我是技师，能落户吗，孩子读书呢")
        False
    """
    own = re.sub(r"[^\u4e00-\u9fffa-zA-Z0-9]", "", _ASKING.sub("", topic))
    if len(own) <= 4 or len(own) > 14:
        return len(own) <= 4
    if _BACK.search(text) or _ELLIPTIC.search(text) or _THIS.search(text):
        return True
    whole = len(own) >= WHOLE and (_ASKS.search(text) or _ASKS_BEFORE.search(text))
    return _NE.search(text) is not None and not whole


def carried_topic(text: str, history: Sequence[str], topic_of: Callable[[str], str]) -> str:
    """The words of the question before, and of those that it takes over, without those that are said anew.

    A year, level, office, group or kind of firm in the question replaces that of the earlier one; 「家政那块呢」
    replaces what the earlier one is about.

    Args:
        text: the question.
        history: those before it, oldest first.
        topic_of: a question without its places.
    """
    if not history:
        return ""
    *before, earlier = history
    topic = topic_of(earlier)
    if before and is_follow_up(earlier, topic):
        topic = f"{carried_topic(earlier, before, topic_of)} {_ASKING.sub('', topic)}"
    found = [slot for slot in (_YEAR, *_SLOTS) if slot.search(text)]
    for slot in found:
        topic = slot.sub("", topic)
    other = None if found else _OTHER.search(topic_of(text).strip())
    if other is not None:
        topic = _HEAD.sub("", topic.strip(), count=1)
    return re.sub(r"\s+", " ", topic).strip()


def kinds_before(history: Sequence[str]) -> tuple[QuestionKind, ...]:
    """The shapes of answer wanted by the nearest earlier question that tells."""
    return next((kinds for earlier in reversed(history) if (kinds := kinds_of(earlier))), ())
