"""Who is to act: the duty-bearer as printed, read with the modal word that binds it.

「行业主管部门应当…」 binds no firm; 「鼓励企业…」 addresses the firm; 「…的人员，可比照…」 says how someone is treated,
not who acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.model import Force
from assistant.provisions.force import ForceCue, blanked, read_cues

_KEPT = 16_384
"""Sentences and parts of them whose reading is kept: the same ones answer many questions."""
MAX_NAME = 100
"""Longer than the longest list of departments in the texts read (77 characters); beyond it something was misread."""

# Nouns that act. A short one is none inside a longer word (委托, 办理, 局面).
_ORGANISATION = (
    r"(?:企业|公司|实体|单位|集团|国企|院校|学校|高校|学院|大学|医院|机构|组织|协会|联盟|联合会|平台|部门|政府|党委|工会|共青团|妇联|科协|残联|红十字会|法院|检察院|委员会|管委会|生态圈"
    r"|机关|街道|园区|软件园|双方|团体|中心|主体|银行|办事处|派出所|居委会|村委会|空间|基金会|合作社|社团|各地|各区|各县|各市|各级|各有关方面|行企校|企校|校企(?=合作)|(?:培训|平台)载体|生态链(?!建设|企业)|层面"
    r"|主管(?!部门|机关)|局(?![面部限势])|厅(?!堂)|署(?!名)|委(?![托员派任])|办(?![理法学事公])|厂(?!房)|(?<=的)(?:省|市|县|区|地区|地方|地级市)(?=□*(?:结合|建设|开展|出台|制定|探索|设立|根据|可|要|应|从)))"
)
_PERSON = (
    r"(?:雇主|劳动者|从业者|经营者|学习者|所有者|使用者|消费者|旅游者|志愿者|残疾人|当事人|负责人|责任人|法人|代理人|申请人|被征收人|持票人|人才|技师|导师|教师|律师"
    r"|毕业生|学生|学员|青年|职工|农民工|个人|公民|居民|村民|业主|选手|代表(?!大会|团)|成员|人员|团队|用户|乘客|监护人|家庭|群众)"
)
_ACTOR = re.compile(rf"(?:{_ORGANISATION}|{_PERSON})(?:□+)?[”\"]?")
_LABEL = re.compile(r"^(?:第[〇零一二三四五六七八九十百\d]+条|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])\s*")
_PERSON_END = re.compile(rf"{_PERSON}(?:□+)?[”\"]?$")
# What may stand between a subject and its modal word.
_ADVERBIAL = re.compile(
    r"(?:在|对(?!口)|根据|按照?|依照?|依据|依法|结合|因|为|自|经|通过|会同|围绕|以|从|向|把|将|给|作为|除|与|同|每|不|未(?=经|取得|按)|也|均|还|都|分别|定期|及时"
    r"|共同|统一|积极|认真|切实|加强|建立|负责(?!人)|可|应(?!急|用|对)|要|须|必须|所(?![在属有])|认为|受理|收到|接到|发现|组织|实施|提供|开展|制定|采取|有下列|违反|拒不|需要)"
)
_CONDITION_END = re.compile(r"(?:后|时|的|中|内|前|期间|上|下|起|外|必要|之一)$")
_ASIDE = re.compile(
    r"^(?:或者?|并|且|同时)?(?:根据|按照?|依照?|依据|结合|在|对|对于|因|为|自|经过?|通过|会同|围绕|以|从(?!事)|向|除|未经|当(?![地事])|如|遇|经由|符合|违反|必要时|原则上)"
)
_TRAILING = re.compile(
    r"(?:也|均|还|都|一般|原则上|同时|按规定|按程序|依法|分别|及时|定期|共同|统一|应|一律|同样|有权|并|且)$"
)
# A verb right behind the addressed noun tells that it is the noun's own act (鼓励企业设立…, not 支持企业创新发展环境).
_VERB = re.compile(
    r"等?[，,]?(?:设立|开展|建立|建设|采取|实行|探索|参照|加大|联合|面向|开发|举办|培养|设置|制订|制定|聚焦|依托|给予|参与|对|把|将|向|为|在|按"
    r"|根据|结合|与|到|赴|通过|利用|做|做好|积极|自主|组织|推动|申报|备案|充分|争创|围绕|重点|深度|参加|兼任|用于|提取|扩大|落实|挂职|发挥|贡献"
    r"|出台|开辟|开放|开设|开|立|改善|协同|带动|实施|获|纳|选|健|完善|提供|达|能|多|承担|以|评聘|评定|评价(?!规范|标准|机构|体系)|认定|遴选|选拔|组建|承办|承接|安排|吸收|聘用|聘请|设计|编制|发布|推行|每|运用|试点|接受|使用|申请|招聘|挂|加强|加快"
    r"|加入|打造|研发|研究|创新(?=[^，。；]{2})|更好|进一步|持续|依法|优先|大规模|参保|投保|购买|投入|引进|吸纳|履行|从事|返乡|牵头|广泛|主动|创办|共建|建|创建|转化"
    r"|合理流动|适时|汇聚|推广|升级|入驻|稳定就业|就业|创业|上岗|捐赠|成立|合作|共同|由|比照|于|自愿|深化|强化|提升|提高|优化|拓展|增强|因地制宜|敢|先行|首先|率先|新建|改建|数字化转型|平台化)"
)
_NOBODY = frozenset({"探索", "推进", "推行", "至少", "不超过", "不低于", "不少于", "不高于", "不多于"})
"""Cues that push on a work or set a bound; the noun behind or before them does not act."""
_NOMINAL = re.compile(r"^(?:接受|取得|获得|参加|完成|具备|持有)[^，,]*的$")
_RELATIVE = re.compile(rf"(?!对|为|向|把|将|给|在|由)[^，,；;。、]{{1,6}}的{_ACTOR.pattern}")
_DRIVES = re.compile(r"(?:指导|督促|组织|动员|带动|帮助|要求|促使|委托)(?=[^，,；;。])")
_HEADS_DRIVE = re.compile(r"^(?:组织|动员|帮助|委托)(?=[^，,；;。])")
_DRIVEN = re.compile(r"(?:^|(?<=[，,；;。]))(?:指导|督促|要求)(?=[^，,；;。])")
# A name never begins so: the verb or preposition before it was read as part of it
_NO_NAME = re.compile(
    r"^(?:选拔|推荐|面向|多渠道|组织|实施|开展|进一步|提高|宣传|大力|以|在|对|落实|建设|构建|引进|培养|加强|完善|的|来自|更好)"
)
_WITHIN = re.compile(r"(?:前提下|基础上|条件下|情况下|同时|期间|过程中|方面)$")
# 「市人民政府设立…资金」, 「劳动行政部门主管…工作」: an office at the head with its verb behind it
_OFFICE_ACTS = re.compile(
    r"^((?:第[〇零一二三四五六七八九十百]+条\s*)?[^，,；;。的]{0,30}(?:人民政府|行政部门|主管部门|委员会))"
    r"(?:设立|主管|制定|建立|组织|安排|给予|发布|公布|统筹|协调|指导|会同|承担|履行|监督|负责)(?!.{0,6}的(?:决定|标准|规定))"
)
_WHEN = re.compile(r"^(?:自|在|于|向)[^，,；;。]{0,24}?(?:内|前|后|时|部门|机关|机构)")
_ACTS = re.compile(
    r"^(?!(?:直接|优先|分别)?(?:纳入|列入|推荐|认定|评为|享受|比照)).{0,8}?(?:申报|申请|申领|参加|参与|免修|免试|选择|领取|报名|提出|办理|报考|享有)"
)


# 「探索建立国有企业工资总额…倾斜机制」: the firm whose pay it is acts
_OWN_PAY = re.compile(rf"^(?:积极|大力)?探索(?:建立|实行|推行)([^，,；;。的]{{0,6}}{_ORGANISATION})(?=工资|薪酬|内部)")


@lru_cache(maxsize=_KEPT)
def duty_bearer(sentence: str, force: Force) -> str:
    """Who the words of this force address, as printed; "" where nobody who acts is named.

    Example:
        >>> duty_bearer("国有企业要结合实际将规划纳入考核评价体系。", Force.MUST)
        '国有企业'
        >>> duty_bearer("鼓励企业开展首席技师评聘工作。", Force.ENCOURAGED)
        '企业'
        >>> duty_bearer("聘任为特级技师的人员,可比照高级管理人员享受同等待遇。", Force.MAY)
        ''
        >>> duty_bearer("逾期不清理的，由城市管理局代为清理。", Force.NONE)
        '城市管理局'
    """
    words = blanked(sentence, quotes=False)
    cues = [cue for cue in read_cues(sentence) if cue.force is force and cue.word not in _NOBODY]
    if force is Force.ENCOURAGED:
        if owner := _OWN_PAY.search(words):
            return _tidy(sentence[owner.start(1) : owner.end(1)])
        starts = [cue.at + len(cue.word) for cue in cues]
        starts += [match.end() for match in _DRIVES.finditer(words)]
        return next((name for start in starts if (name := _addressed(sentence, words, start))), "")
    if force in (Force.MUST, Force.MAY):
        return _subject(sentence, words, cues[0]) if cues else ""
    if force is Force.NONE:
        return _stated(sentence, words)
    return ""


def _addressed(sentence: str, words: str, start: int) -> str:
    """鼓励/支持/引导 + who + does."""
    joined = re.match(r"(?:和|并|、)?(?:引导|支持|指导|鼓励|带动|推动|动员)", words[start:])
    start += joined.end() if joined else 0
    stop = re.search(r"[；;。]", words[start:])
    rest = words[start : start + stop.start()] if stop else words[start:]
    limit = next((mark for mark in re.finditer(r"[，,]", rest) if not _WITHIN.search(rest[: mark.start()])), None)
    ends = [match.end() for match in _ACTOR.finditer(rest) if limit is None or match.end() <= limit.start()]
    for end in ends:
        behind = rest[end:]
        if re.match(r"[、和及或]|以及|的", behind) and any(later > end for later in ends):
            continue
        if _RELATIVE.match(behind):
            continue  # 「高层次人才创办的企业」
        if _VERB.match(behind):
            name = _tidy(sentence[start : start + end]).removeprefix("在")
            name = re.split(r"[，,]", name)[-1]  # 「符合规划和有关条件前提下，技工院校…」
            return "" if _NO_NAME.match(name) else name
    return ""


def _subject(sentence: str, words: str, cue: ForceCue) -> str:
    """Who + 应当/要/不得/可: read back from the modal word, part by part, over asides and conditions."""
    start = max(words.rfind(mark, 0, cue.at) for mark in "。；;：:") + 1
    parts = list(_parts(words, start, cue.at))
    after = words[cue.at + len(cue.word) :]
    for position, (at, part) in enumerate(reversed(parts)):
        bare = part
        while (shorter := _TRAILING.sub("", bare)) != bare:
            bare = shorter
        if not bare:
            continue
        end = _subject_end(bare, last=position == 0)
        if end:
            name = _tidy(sentence[at : at + end])
            if (
                cue.force is Force.MAY
                and cue.word != "有权"
                and _PERSON_END.search(name)
                and not _ACTS.match(_WHEN.sub("", after))
            ):
                return ""  # 「符合条件的高技能人才可纳入…」, 「…人员可比照」: those treated, not those who act
            return name
        if not _ASIDE.match(bare) and not _CONDITION_END.search(bare):
            return ""  # a thing is the subject: 「建设项目应当…」
    return ""


def _parts(words: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The comma-separated parts of a stretch, with their places."""
    at = start
    for match in re.finditer(r"[^，,]+", words[start:end]):
        yield start + match.start(), match.group()
        at = start + match.end()
    if at < end:
        yield end, ""


def _subject_end(part: str, *, last: bool) -> int:
    """Where the acting noun at the head of a part ends; 0 where there is none.

    What follows the noun must be nothing, an adverbial, or (before a comma) a condition.
    """
    if _NOMINAL.match(part):
        return len(part)  # 「取得毕业证书的，可免试…」
    if _ASIDE.match(part) and not re.match(r"(?:在|经|对|符合)[^，,]*的", part):
        return 0
    found = re.search(r"(?<=企业)[^，,]{1,8}分配$", part)
    if found:
        return found.start()
    for match in _ACTOR.finditer(part):
        behind = part[match.end() :]
        if not behind or re.fullmatch(r"等?", behind):
            return match.end()
        if part.startswith("由") and not re.match(r"[、和及或的]|以及", behind):
            return match.end()
        if re.match(r"[、和及或的]|以及|之间|与(?=[^，,]{1,20}(?:之间)?$)", behind):
            continue
        if _ADVERBIAL.match(behind) or (not last and _CONDITION_END.search(behind)):
            return match.end()
    return 0


def _stated(sentence: str, words: str) -> str:
    """A statement that names who acts: 由…处理, 督促企业提取…, or a body at its head with 负责/把/按照 behind it."""
    for match in re.finditer(r"由(?=[^，,；;。]{2,60})", words):
        behind = words[match.end() :]
        for actor in _ACTOR.finditer(re.split(r"[，,；;。]", behind)[0]):
            if not re.match(r"[、和及或的]|以及|构成|组成|主导|引领", behind[actor.end() :]):
                return _tidy(sentence[match.end() : match.end() + actor.end()])
    for driven in (*_DRIVEN.finditer(words), *_HEADS_DRIVE.finditer(words)):
        if name := _addressed(sentence, words, driven.end()):
            return name
    head = re.split(r"[，,；;。]", words)[0]
    if office := _OFFICE_ACTS.match(head):
        return _tidy(sentence[: office.end(1)])
    for actor in _ACTOR.finditer(head):
        behind = head[actor.end() :]
        acts = re.match(
            r"(?:分别)?(?:负责(?!人)|把|按照|在(?!聘|岗|职|编|校)(?![^，,]*(?:举行|召开))|对|统筹协调|定期|从).", behind
        )
        name = _tidy(sentence[: actor.end()])
        if acts and not _ASIDE.match(head) and not _NO_NAME.match(name):
            return "" if _PERSON_END.search(name) else name  # 「在聘的高技能人才…比照…」: those treated
    return ""


def _tidy(name: str) -> str:
    name = re.sub(_LABEL, "", name.strip())
    if name.startswith("对") and "的" in name:
        name = name.rsplit("的", 1)[1]  # 「对作出重大贡献的技能人才，可…」
    name = re.sub(r"^(?:由|使|让|把|将)(?=.{2})|^[^、，,]{1,6}(?<!自)由(?=.{2})", "", name)  # 「标准由单位自定」
    name = re.sub(r"[（(][^（）()]*(?:下同|以下简称|下称)[^（）()]*[）)]$", "", name)
    return name if len(name) <= MAX_NAME else ""
