"""Kinds of employer, and which of them the printed words of a duty-bearer reach."""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.errors import ProfileError
from assistant.provisions.bearers import BearerKind, bearer_names


class Employer(StrEnum):
    """What a person works for, or an HR manager asks for."""

    ENTERPRISE = "enterprise"
    STATE_ENTERPRISE = "state_enterprise"
    LEADING_ENTERPRISE = "leading_enterprise"
    LARGE_ENTERPRISE = "large_enterprise"
    PRIVATE = "private"
    SCHOOL = "school"
    TRAINING_BODY = "training_body"
    EVALUATION_BODY = "evaluation_body"
    INDUSTRY_BODY = "industry_body"
    OFFICE = "office"


EMPLOYER_LABELS = {
    Employer.ENTERPRISE: "企业",
    Employer.STATE_ENTERPRISE: "国有企业",
    Employer.LEADING_ENTERPRISE: "龙头企业",
    Employer.LARGE_ENTERPRISE: "规模以上企业",
    Employer.PRIVATE: "民营企业",
    Employer.SCHOOL: "院校",
    Employer.TRAINING_BODY: "培训机构",
    Employer.EVALUATION_BODY: "评价机构",
    Employer.INDUSTRY_BODY: "行业协会",
    Employer.OFFICE: "政府部门",
}
FIRMS = frozenset(
    {
        Employer.ENTERPRISE,
        Employer.STATE_ENTERPRISE,
        Employer.LEADING_ENTERPRISE,
        Employer.LARGE_ENTERPRISE,
        Employer.PRIVATE,
    }
)
FIRM_KINDS = frozenset({BearerKind.ENTERPRISE, BearerKind.STATE_ENTERPRISE, BearerKind.LEADING_ENTERPRISE})
OFFICE_KINDS = frozenset({BearerKind.GOVERNMENT, BearerKind.INDUSTRY_AUTHORITY, BearerKind.GROUP})

# What a person may type, each with the kind meant; the first that is found counts.
_SAID: tuple[tuple[Employer, re.Pattern[str]], ...] = (
    (Employer.STATE_ENTERPRISE, re.compile(r"国有|国企|央企|state")),  # 「国企」
    (Employer.LEADING_ENTERPRISE, re.compile(r"龙头|链主|头部|大型|上市|leading")),  # 「链主企业」
    (Employer.LARGE_ENTERPRISE, re.compile(r"规模以上|规上|large")),  # 「规上工业企业」
    (Employer.PRIVATE, re.compile(r"民营|私营|私企|中小|小微|个体|外资|private")),  # 「民营企业」
    (Employer.TRAINING_BODY, re.compile(r"培训|training")),  # 「培训学校」
    (Employer.EVALUATION_BODY, re.compile(r"评价|鉴定|认定机构|evaluation")),  # 「评价机构」
    (Employer.SCHOOL, re.compile(r"院校|学校|学院|高校|技校|大学|school")),  # 「技工院校」
    (Employer.INDUSTRY_BODY, re.compile(r"协会|行业组织|商会|联盟|industry")),  # 「行业协会」
    (Employer.OFFICE, re.compile(r"政府|部门|机关|局$|office")),  # 「区人社局」
    (Employer.ENTERPRISE, re.compile(r"企业|公司|单位|工厂|集团|enterprise")),  # 「公司」
)
_ANY_UNIT = re.compile(r"(?:用人|所在|各类|各|本|任何|有关)单位|任何组织")
_TRAINS = re.compile(r"培训|机构|主体|载体")
_TEACHES = re.compile(r"院校|学校|学院|高校|大学|高中")
_FIRM = re.compile(r"企业|公司|单位|实体|雇主|经营|集团|工厂")
_NAMED_FIRM = re.compile(r"有限公司|股份公司")
_KINDS = {
    Employer.EVALUATION_BODY: frozenset({BearerKind.EVALUATION_BODY}),
    Employer.INDUSTRY_BODY: frozenset({BearerKind.INDUSTRY_BODY}),
    Employer.OFFICE: OFFICE_KINDS,
}


def parse_employer(words: str) -> Employer:
    """The kind of employer that some words mean.

    Raises:
        ProfileError: None is meant.

    Example:
        >>> parse_employer("国企").value, parse_employer("技工院校").value
        ('state_enterprise', 'school')
    """
    found = next((employer for employer, cue in _SAID if cue.search(words)), None)
    if found is None:
        known = "、".join(EMPLOYER_LABELS.values())
        raise ProfileError(f"不认识“{words[:20]}”这种单位，无法判断哪些规定适用。可以写：{known}。")
    return found


def reaches(bearer: str, employer: Employer) -> bool:
    """Whether a duty-bearer's printed words reach a kind of employer.

    企业 reaches every firm, 国有企业 only the state's; 用人单位 reaches whoever employs.

    Example:
        >>> reaches("企业、院校及行业组织", Employer.SCHOOL), reaches("国有企业", Employer.PRIVATE)
        (True, False)
    """
    if _ANY_UNIT.search(bearer):
        return employer is not Employer.OFFICE
    if _NAMED_FIRM.search(bearer):
        return False  # 「指导宝钢…有限公司等企业试点」: those named and no other
    return any(_name_reaches(name, kind, employer) for name, kind in bearer_names(bearer))


def _name_reaches(name: str, kind: BearerKind, employer: Employer) -> bool:
    if employer in _KINDS:
        return kind in _KINDS[employer]
    if employer is Employer.SCHOOL:
        return kind is BearerKind.SCHOOL and bool(_TEACHES.search(name))
    if employer is Employer.TRAINING_BODY:
        return kind is BearerKind.SCHOOL and bool(_TRAINS.search(name))
    if kind is BearerKind.ENTERPRISE:
        return bool(_FIRM.search(name)) and not ("中小" in name and employer is Employer.LEADING_ENTERPRISE)
    if kind is BearerKind.LEADING_ENTERPRISE:
        above = "规模以上" in name and employer is Employer.LARGE_ENTERPRISE
        return employer is Employer.LEADING_ENTERPRISE or above
    return kind is BearerKind.STATE_ENTERPRISE and employer is Employer.STATE_ENTERPRISE
