"""What a person says of themself when they look up what applies to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import ProfileError
from assistant.jurisdictions import Gazetteer
from assistant.provisions.levels import LEVEL_LABELS, SkillLevel, parse_level
from assistant.registers.employers import EMPLOYER_LABELS, Employer, parse_employer


@dataclass(frozen=True, slots=True)
class Profile:
    """A person.

    Attributes:
        place: division code, down to the district.
        level: rung of the ladder; None for no certificate.
        honours: 全国技术能手, 世赛获奖 …, as said.
        employer: None where it was not said.
        situation: 外地户籍, 有子女, 退役军人 …, as said.
        level_told, situation_told: whether level and situation were given at all. What was not given is asked for
            (需补充条件); what was given is complete: who does not say 退役军人 is none.
    """

    place: str
    level: SkillLevel | None = None
    honours: tuple[str, ...] = ()
    employer: Employer | None = None
    situation: tuple[str, ...] = ()
    level_told: bool = True
    situation_told: bool = True

    @property
    def facts(self) -> tuple[str, ...]:
        """All that was said, level and employer included, to find the groups it puts the person in."""
        level = (LEVEL_LABELS[self.level],) if self.level else ()
        employer = (EMPLOYER_LABELS[self.employer],) if self.employer else ()
        return (*self.honours, *self.situation, *level, *employer)


NO_LEVEL = ("无", "没有", "无等级", "无证书")


def read_profile(
    gazetteer: Gazetteer,
    place: str,
    level: str | None = None,
    honours: Sequence[str] = (),
    employer: str | None = None,
    situation: Sequence[str] | None = None,
) -> Profile:
    """A profile from plain words, as a form or a command line gives them.

    Args:
        gazetteer: the table of places.
        place: name or code of a place.
        level: 「技师」, 「二级」; 「无」 for none; None or "" where it was not said.
        honours: names of honours.
        employer: 「国有企业」; None or "" where it was not said.
        situation: facts; None where it was not said.

    Raises:
        JurisdictionError: The place is unknown.
        ProfileError: The level or the kind of employer is none.

    Example: `read_profile(gazetteer, "海珠", "技师", employer="国企", situation=["外地户籍"])`.
    """
    code = gazetteer.resolve(place).code
    rung = None
    if level and level.strip() not in NO_LEVEL:
        rung = parse_level(level)
        if rung is None:
            known = "、".join(LEVEL_LABELS.values())
            raise ProfileError(
                f"不认识“{level[:20]}”这个技能等级，无法判断适用哪些待遇。可以写：{known}，没有就写“无”。"
            )
    return Profile(
        code,
        rung,
        tuple(word for word in honours if word.strip()),
        parse_employer(employer) if employer and employer.strip() else None,
        tuple(word for word in situation or () if word.strip()),
        level_told=bool(level and level.strip()),
        situation_told=situation is not None,
    )


def profile_facts(profile: Profile, gazetteer: Gazetteer) -> tuple[tuple[str, str], ...]:
    """The profile as name and value, for tables and exports."""
    none = "无" if profile.level_told else "未填"
    return (
        ("地区", gazetteer.full_name(profile.place)),
        ("技能等级", LEVEL_LABELS[profile.level] if profile.level else none),
        ("荣誉、职称", "、".join(profile.honours) or "无"),
        ("单位", EMPLOYER_LABELS[profile.employer] if profile.employer else "未填"),
        ("情况", "、".join(profile.situation) or ("无" if profile.situation_told else "未填")),
    )
