"""What kind of body a duty-bearer is: 企业, 国有企业, 龙头企业, 院校, 政府 …, read from its printed words."""

from __future__ import annotations

import re
from enum import StrEnum


class BearerKind(StrEnum):
    """Who is to act. The three kinds of firm are told apart because duties are."""

    STATE_ENTERPRISE = "state_enterprise"
    LEADING_ENTERPRISE = "leading_enterprise"
    ENTERPRISE = "enterprise"
    SCHOOL = "school"
    EVALUATION_BODY = "evaluation_body"
    INDUSTRY_BODY = "industry_body"
    INDUSTRY_AUTHORITY = "industry_authority"
    GOVERNMENT = "government"
    GROUP = "group"
    PERSON = "person"
    NONE = "none"


BEARER_LABELS = {
    BearerKind.STATE_ENTERPRISE: "国有企业",
    BearerKind.LEADING_ENTERPRISE: "龙头、重点企业",
    BearerKind.ENTERPRISE: "企业、用人单位",
    BearerKind.SCHOOL: "院校、培训机构",
    BearerKind.EVALUATION_BODY: "评价机构",
    BearerKind.INDUSTRY_BODY: "行业组织",
    BearerKind.INDUSTRY_AUTHORITY: "行业主管部门",
    BearerKind.GOVERNMENT: "政府及其部门",
    BearerKind.GROUP: "工会、群团",
    BearerKind.PERSON: "个人",
    BearerKind.NONE: "未指明",
}

# Each cue reads one name of a list (「企业」, 「有条件的国有企业」), brackets taken out. The cue that ends last
# decides, as the noun that acts stands last (「职业学校毕业学生」); of several that end there, the first.
_CUES: tuple[tuple[BearerKind, re.Pattern[str]], ...] = (
    # 「各行业主管部门」「行业主管部门」
    (BearerKind.INDUSTRY_AUTHORITY, re.compile(r"行业主管(?:部门|机关)")),
    # 「职业技能等级认定机构」「人才培养评价机构」「社会培训评价组织」「第三方评价机构」
    (BearerKind.EVALUATION_BODY, re.compile(r"(?:评价|认定|鉴定|考核|评估)(?:机构|组织)")),
    # 「行业协会」「行业组织」「商会」「产业联盟」「行业技能生态圈」
    (BearerKind.INDUSTRY_BODY, re.compile(r"行业(?:组织|协会)|社会(?:组织|团体)|协会|商会|联盟|生态[圈链](?!企业)")),
    # 「工会组织」「共青团」「群团组织」
    (BearerKind.GROUP, re.compile(r"(?:工会|群团|共青团)(?:组织)?|妇联|科协|残联|人民团体|红十字会")),
    # 「国有企业」「国企」「有条件的国有企业」「央企」
    (BearerKind.STATE_ENTERPRISE, re.compile(r"国有(?:及国有控股)?(?:企业|公司|资本)|国企|央企|中央企业")),
    # 「龙头企业」「链主企业」「大型企业」「规模以上工业企业」「上市公司」「重点产业领域企业」「试点牵头单位」
    (
        BearerKind.LEADING_ENTERPRISE,
        re.compile(
            r"(?:龙头|链主|骨干|头部|领军|牵头|大型|规模以上|上市|导向性)[^，,]{0,12}?(?:企业|公司)|重点(?:骨干)?企业|试点牵头单位"
        ),
    ),
    # 「职业院校」「技工院校」「普通高校」「技师学院」「职业培训机构」「各类培训主体」
    (
        BearerKind.SCHOOL,
        re.compile(
            r"院校|学校|高校|高中|(?<!企业)大学|学院|(?:培训|教育|教学)(?:机构|主体|组织|(?<!企业培训)中心|载体|平台)|幼儿园"
        ),
    ),
    # 「地级以上市人社部门」「各区政府」「各地」「城市管理局」「县（市、区）」「公安机关」
    (
        BearerKind.GOVERNMENT,
        re.compile(
            r"部门|政府|党委|机关|各地(?:各单位)?|各区|各县|各市|各级|各省|各有关方面|地市|局$|厅$|委$|委员会|办公室|层面|管委会|(?:消防救援|登记|经办|监察|执法|管理|监督|仲裁)机构|街道|办事处|派出所"
            r"|法院|检察院|^(?:省|市|县|区|乡|镇)+$|的(?:市|县|区|地区|地方|城市)$|有条件的(?:省|市|县|区|地)"
        ),
    ),
    # 「企业」「用人单位」「生产经营性企业」「公司」「中小企业」「雇主」「工业园区」
    (
        BearerKind.ENTERPRISE,
        re.compile(r"企业(?:培训中心|大学)?|公司|用人单位|单位|实体|雇主|经营者|集团|企事业|厂$|医院|银行"),
    ),
    # 「高技能人才」「劳动者」「职业学校毕业学生」「首席技师」「申请人」
    (
        BearerKind.PERSON,
        re.compile(
            r"人才|劳动者|从业者|技师|高级工|导师|教师|学生|学员|毕业生|青年|职工|农民工|个人|公民|居民|选手|人员|团队"
            r"|学习者|志愿者|残疾人|当事人|申请人|代理人|负责人|监护人|家庭|用户|者$|的$"
        ),
    ),
)
# A body of no known kind employs people as firms do: 「电子商务平台」, 「第三方机构」, 「任何组织」
_BODY = re.compile(r"(?:机构|组织|平台|中心|团体|载体)$")
# 「龙头企业及其生态企业」: the second depends on the first
_DEPENDENT = re.compile(r"及其[^、，,和与及或]+")
_SHORT = {"行企校": "行业组织、企业、院校", "企校": "企业、院校", "校企": "院校、企业"}
_APART = re.compile(r"[、，,/]|以及|或者|(?<!产)和(?!信息化)|与|及|或")


def bearer_kinds(words: str) -> tuple[BearerKind, ...]:
    """The kinds named by a duty-bearer's printed words, in their order; empty for no words.

    Example:
        >>> [kind.value for kind in bearer_kinds("企业、院校及行业组织")]
        ['enterprise', 'school', 'industry_body']
        >>> [kind.value for kind in bearer_kinds("工业和信息化、人力资源社会保障部门")]
        ['government']
        >>> [kind.value for kind in bearer_kinds("区高层次人才创办的企业")]
        ['enterprise']
    """
    return tuple(dict.fromkeys(kind for _, kind in bearer_names(words)))


def bearer_names(words: str) -> tuple[tuple[str, BearerKind], ...]:
    """Each name of a duty-bearer's printed words with its kind; names of no known kind are left out.

    Example:
        >>> [(name, kind.value) for name, kind in bearer_names("龙头企业及其生态企业、校企")]
        [('龙头企业', 'leading_enterprise'), ('院校', 'school'), ('企业', 'enterprise')]
    """
    bare = re.sub(r"[（(][^（）()]*[）)]|[“”\"]", "", words)
    if bare.endswith("的"):  # 「取得职业技能等级证书的」
        return ((bare, BearerKind.PERSON),)
    bare = _DEPENDENT.sub("", bare)
    for short, long in _SHORT.items():
        bare = re.sub(rf"(?<!行){short}(?:合作)?", long, bare)
    found: list[tuple[str, BearerKind]] = []
    for name in _APART.split(bare):
        kind = _kind_of(name.rsplit("的", 1)[-1])
        if kind is BearerKind.ENTERPRISE and "的" in name:  # 「起导向性作用的企业」: what stands before 的 tells
            kind = next((k for k, cue in _CUES[:6] if cue.search(name)), kind)
        if kind is None or (found and re.search(r"企业(?:培训中心|大学)$", name)):
            continue  # 「龙头企业的企业培训中心或企业大学」: the firm named first has them
        found.append((name, kind))
    return tuple(found)


def _kind_of(name: str) -> BearerKind | None:
    ends = [(max(m.end() for m in matches), kind) for kind, cue in _CUES if (matches := list(cue.finditer(name)))]
    last = max((end for end, _ in ends), default=0)
    found = next((kind for end, kind in ends if end == last), None)
    return BearerKind.ENTERPRISE if found is None and _BODY.search(name) else found


def bearer_kind(words: str) -> BearerKind:
    """The kind of the first body named; `NONE` where nobody is.

    Example:
        >>> bearer_kind("有条件的国有企业").value, bearer_kind("").value
        ('state_enterprise', 'none')
    """
    return next(iter(bearer_kinds(words)), BearerKind.NONE)
