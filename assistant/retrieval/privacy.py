"""Personal data in a question is masked before anything else sees it."""

from __future__ import annotations

import re

_ID_CARD = re.compile(
    r"(?<!\d)[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx](?!\d)"
)
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,60}\.[A-Za-z]{2,10}")
_BANK_CARD = re.compile(r"(?<!\d)(?:62|4\d|5[1-5])\d{2}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?(?!\d)")
_MASKED = re.compile(
    r"(?:我|本人)?的?(?:身份证|手机|电话|联系方式|邮箱|电子邮件|银行卡|卡|账)?(?:号码?)?(?:是|为)?[:：]?\s*\[(?:身份证号|邮箱|银行卡号|手机号)\]"
)
_MASKS = ((_ID_CARD, "[身份证号]"), (_EMAIL, "[邮箱]"), (_BANK_CARD, "[银行卡号]"), (_MOBILE, "[手机号]"))


def mask_personal_data(text: str) -> tuple[str, bool]:
    """The text with identity numbers, mobile numbers, e-mail addresses and bank cards masked, and whether any was.

    `text` is already NFKC. Document numbers, dates and landlines are left alone.

    Example:
        >>> mask_personal_data("我的电话13800138000，技师能落户吗")
        ('我的电话[手机号]，技师能落户吗', True)
    """
    masked = text
    for pattern, mask in _MASKS:
        for match in reversed(list(pattern.finditer(masked))):
            if pattern is not _BANK_CARD or _luhn(re.sub(r"\D", "", match.group())):
                masked = masked[: match.start()] + mask + masked[match.end() :]
    return masked, masked != text


def without_masks(text: str) -> str:
    """The text without masks and the words that announce them (「我的电话」, 「身份证号是」), for searching.

    Example:
        >>> without_masks("我的电话[手机号]，技师能落户吗")
        '，技师能落户吗'
    """
    return _MASKED.sub("", text)


def _luhn(digits: str) -> bool:
    """The check digit of bank cards; keeps long serial numbers from being taken for one."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return 15 <= len(digits) <= 19 and total % 10 == 0
