"""Parts of a sentence that only lead to the next one: of whom, when, on what ground, by what means, to what end."""

from __future__ import annotations

import re

_NAMES = re.compile(r"[“《（(][^”》）)]*[”》）)]")
# Says of whom, when, on what ground: 「经认定为高层次人才，」, 「到2021年底，」, 「符合条件的，」
_SETS_CASE = re.compile(
    r"^(?:在|经|按照?|根据|依据|依托|结合|通过|针对|面向|重点面向|以|从|到|至|力争到|凡|获得?|取得|被|聘任为|符合"
    r"|每年(?=[，,])|自(?=[^，,]*(?:起|之日))|除|当|如(?!下)|若|逾期|未|因|支持符合[^，,]*(?=前提下|条件下))"
)
# 「对作出贡献的人员，」; not 「对作出贡献的人员给予奖励，」
_TOWARDS = re.compile(r"^对于?(?:[^，,]*的)?([^，,]*)[，,]$")
# By what means: 「通过提供购房补贴等方式，」, 「依托…等平台，」
_BY_MEANS = re.compile(r"^(?:通过|采取|依托|以)[^，,]*(?:方式|形式|平台|途径|措施|等)[，,]$")
# 「依托产业就业培训基地，」: 培训 and the like stand in names there, these verbs do not
_GOES_BY = re.compile(
    r"^(?:依托|根据|依据|按照?|结合|针对|面向)(?![^，,]*(?:开展|给予|予以|享受|实行|提供|推行|举办|进行|完成|设立|搭建|推荐|遴选|申报))"
)
# A subject with its modal word and what it goes by, the act not yet said: 「各级政府要结合实际，」
_NO_ACT_YET = re.compile(
    r"(?:结合|根据|按照?|围绕|依据|遵循)[^，,]{0,20}(?:实际|需要|需求|情况|趋势|规定|要求|特点|原则)[，,]$"
)
# What a work is for or goes by; the rule says the same without it: 「为进一步…，」, 「围绕…，」, 「充分发挥…，」
SETS_AIM = re.compile(
    r"^(?:为(?:了|进一步|深入|加快|全面|贯彻|落实|充分|切实|更好|推动|促进)|(?:重点)?围绕|聚焦|瞄准|坚持以|充分发挥"
    r"|根据(?:国家|省|市|、|和|的|统一)+部署)"
)
_ACTS = re.compile(
    r"放宽|开展|给予|予以|享受|建立|健全|完善|纳入|培训|实行|落实|实施|提供|推行|推广|加强|加大|提高|扩大|设立|设置|制定|建设|打造"
    r"|举办|进行|明确|确立|完成|列入|推荐|组织|试点|先行|评定|奖励|补贴|培养|评价|列支|支出|辅导|构建|培育|搭建|选拔"
)
_OF_WHOM = re.compile(
    r"(?:的|人员|人才|技师|选手|毕业生|学生|劳动者|企业|单位|机构|公司|方面|中|(?<!以)上|时|后|(?<!以)下|(?<!以)内|(?<!以)前|间|年底?|年末|期末"
    r"|领域|行业|基础|情况|意愿|要求|导师|课时|岗位|阶段|的市|为主体|为核心|为导向|为引领|为重点|为主导)[，,]$"
)
# A work of its own, though it ends in those it is done with: 「认定一批龙头企业，」, 「鼓励各类企业…」
_WORK = re.compile(
    r"^(?:(?:积极|大力|深入|广泛|加快|持续|定期|逐步|注重|重点)*(?:认定|遴选|培育|培养|打造|建设|引进|选树|评定|支持|鼓励|引导|督促|指导|推动|推进"
    r"|推行|推荐|加强|完善|健全|建立|实施|开展|组织|公开|构建|整合|优化|拓宽|强化|提供|落实|争取|主动对接|聚集|协调|选拔|稳定|深化|梳理|创新))"
)
# One thing in two parts: 「健全以大赛为主体，企业比赛为基础的体系」, 「打造龙头企业主导，协会共同组建的生态圈」
HALF_NAMED = re.compile(
    r"(?:以[^，,]*为(?:主体|基础|引领|龙头|导向|核心|纽带|主导)"
    r"|^(?:打造|建立|健全|构建|组建|形成|探索)[^，,的]*(?:主导|引导|牵头|为主|抓总|参与|推动))[，,]$"
)
# 「龙头企业出标准、出岗位、出师傅，院校出学生、出教师，政府出政策、出资金」: each gives its share
_SHARES = re.compile(r"([\u4e00-\u9fff])[^，,、]{1,6}、\1[^，,、]{1,6}")
# 「培育具有职业精神，能持续学习，能认同企业文化的“新工匠”」: what those are like, over several parts
ATTRIBUTE = re.compile(r"^(?:能(?!力)|具有|具备|适应|愿意|会(?!同))[^，,]*")
# 「到2025年，」, 「力争到2035年，」, 「“十四五”期间，」 govern the targets behind them
PERIOD = re.compile(
    r"^(?:力争)?(?:[到至截]\s*(?:至|止)?)?(?:(?:19|20)\d\d\s*年|[“\"]?十[一二三四五六]五[”\"]?)[^，,；;。]{0,6}[，,]$|^每年[，,]$"
)
# 「学徒工转正定级考核，由企业…进行」: what is done stands before who does it
_SUBJECT = re.compile(r"(?!开展|进行|加强|推行|实施|组织)[^，,]{2,12}(?:考核|评审)[，,]$")


def leads_on(words: str, following: str) -> bool:
    """Whether a part only leads to the next one."""
    bare = _NAMES.sub(lambda match: "□" * len(match.group()), words)
    if not bare.endswith(("，", ",")):
        return False
    if PERIOD.match(words) or HALF_NAMED.search(bare) or _BY_MEANS.match(bare) or _NO_ACT_YET.search(bare):
        return True
    if (ATTRIBUTE.match(following) and "的" in following) or shares_on(words, following):
        return True
    if _SUBJECT.match(bare) and following.startswith("由"):
        return True
    if SETS_AIM.match(bare):
        return not re.search(r"开展|组织", bare)
    if (towards := _TOWARDS.match(bare)) is not None:
        return _ACTS.search(towards.group(1)) is None
    if _OF_WHOM.search(bare) and not _WORK.match(bare):
        return True
    return bool(_GOES_BY.match(bare) or (_SETS_CASE.match(bare) and not _ACTS.search(bare)))


def shares_on(words: str, following: str) -> bool:
    """Whether both parts give the shares of several in the same form."""
    one, other = _SHARES.search(words), _SHARES.search(following)
    return one is not None and other is not None and one.group(1) == other.group(1)
