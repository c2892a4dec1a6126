"""Who is to act: the duty-bearer as printed, read with the modal word that binds it.

「行业主管部门应当…」 binds no firm; 「鼓励企业…」 addresses the firm; 「…的人员，可比照…」 says how someone is treated, not who acts.
"""

from __future__ import annotations

import re

from assistant.model import Force
from assistant.provisions.force import ForceCue, read_cues

_ACTOR = (
    r"(?:企业|公司|实体|单位|集团|国企|厂|院校|学校|高校|学院|机构|组织|协会|联盟|平台|部门|政府|党委|主管|各地|各区|各县|各市|各级|街道|局|厅|委|办"
    r"|园区|团体|工会|雇主|劳动者|人才|技师|选手|牵头单位|人员|培训中心|企业大学)"
)
_ACTORS = re.compile(
    rf"(?:[^，,；;。：:]{{0,30}}?{_ACTOR}(?:[（(][^）)]{{1,12}}[）)])?)(?:(?:和|及|以及|与|、|或|或者)[^，,；;。]{{1,16}}?{_ACTOR})*"
)
_AFTER_ENCOURAGING = re.compile(rf"^(?:和引导|和支持|指导|并支持|和鼓励|支持|引导)?({_ACTORS.pattern})")
_VERB = re.compile(
    r"设立|开展|建立|建设|采取|实行|探索|参照|加大|联合|面向|开发|举办|培养|设置|制订|制定|聚焦|依托|给予|参与|对|把|将|向|为|在|按|根据|结合|与|到|通过|利用|做|积极|自主|组织|推动|申报|备案|充分|争创|围绕|重点|深度|参加|兼任|用于|提取|扩大|落实|挂职|发挥|贡献|出台|开|立|改善|开设|协同|带动|实施|获|纳|选|健|完善|提供|达|能|多|承担|产业|以|与|评定|推行|提供|每|运用|试点|接受|使用|申请|招聘|挂"
)


def duty_bearer(sentence: str, force: Force) -> str:
    """Who the words of this force address, as printed; "" where nobody who acts is named.

    Example:
        >>> duty_bearer("国有企业要结合实际将规划纳入考核评价体系。", Force.MUST)
        '国有企业'
        >>> duty_bearer("鼓励企业开展首席技师评聘工作。", Force.ENCOURAGED)
        '企业'
        >>> duty_bearer("聘任为特级技师的人员,可比照高级管理人员享受同等待遇。", Force.MAY)
        ''
    """
    cue = next((cue for cue in read_cues(sentence) if cue.force is force), None)
    if cue is None:
        return ""
    if force is Force.ENCOURAGED:
        return _addressed(sentence[cue.at + len(cue.word) :])
    return _subject(sentence, cue)


def _addressed(after: str) -> str:
    """鼓励/支持/引导 + who + does."""
    part = re.split(r"[，,；;。]", re.sub(r"^(?:和引导|和支持|指导|和鼓励|支持|引导)", "", after))[0]
    ends = [match.end() for match in re.finditer(_ACTOR + r"(?:[（(][^）)]{1,14}[）)])?", part)]
    for end in ends:
        rest = part[end:]
        if re.match(r"[、和及或]|以及|的", rest) and any(later > end for later in ends):
            continue
        if _VERB.match(rest):
            return _tidy(part[:end])
    return ""


def _subject(sentence: str, cue: ForceCue) -> str:
    """Who + 要/应/可: the noun right before the modal word, in the same part."""
    parts = [part for part in re.split(r"[，,；;。]", sentence[: cue.at]) if part]
    before = parts[-1] if parts else ""
    if cue.force is Force.MUST and sentence[: cue.at].endswith(("，", ",")):
        # 「企业对…产生的“新工匠”，应建立…」: the subject opens the part before the comma
        before = next(
            (before[: m.end()] for m in [re.match(rf"[^的对把将为]{{0,12}}?{_ACTOR}(?=[对在把将为按])", before)] if m),
            before,
        )
    before = re.sub(r"(?:也|均|还|都|一般|原则上|应|同时|按规定|按程序)$", "", before)
    before = re.sub(r"在[^，,；;。]{1,12}上$|(?<=企业)[^，,；;。]{1,8}分配$", "", before)
    match = re.search(rf"([^，,；;。]*?{_ACTOR}(?:[（(][^）)]{{1,14}}[）)])?)$", before)
    if match is None:
        return ""
    name = _tidy(match.group(1))
    # 「符合条件的高技能人才可纳入…」, 「…人员可比照」: those treated, not those who act
    if re.search(r"(?:人才|人员|选手|技师|技能人才)$", name) and cue.force is Force.MAY:
        return ""
    return name


def _tidy(name: str) -> str:
    name = re.sub(r"^(?:对|由|使|让|在|经|把|将|各级各类表彰中)(?=.{2})", "", name.strip())
    return name if len(name) <= 40 else ""
