from __future__ import annotations

import pytest

from assistant.retrieval.privacy import mask_personal_data, without_masks
from assistant.retrieval.understanding import clean

MASKED = [
    ("我的电话13800138000，技师能落户吗", "我的电话[手机号]，技师能落户吗"),  # the plain form
    ("打138 0013 8000给我", "打[手机号]给我"),  # in groups
    ("打138-0013-8000给我", "打[手机号]给我"),
    ("微信+86 13800138000", "微信[手机号]"),  # with the country
    ("身份证44010619900101123X", "身份证[身份证号]"),  # the check character X
    ("440106 19900101 1234办补贴", "[身份证号]办补贴"),  # in groups
    ("发到li.si+a@mail.example.cn吧", "发到[邮箱]吧"),
    ("卡号4111 1111 1111 1111能收补贴吗", "卡号[银行卡号]能收补贴吗"),  # passes the check digit
    ("卡号4111111111111111", "卡号[银行卡号]"),
    ("１３８００１３８０００", "[手机号]"),  # full width, folded before
    ("440106199001011234和13800138000", "[身份证号]和[手机号]"),  # two kinds at once
    ("13800138000,13900139000", "[手机号],[手机号]"),  # twice
]

KEPT = [
    "穗府办〔2025〕7号",  # document numbers
    "粤人社规（2014）3号",
    "2020年12月7日印发",  # dates
    "2020-12-07",
    "20250410",
    "承办部门电话89627646",  # a landline, as 海珠's notice prints it
    "020-89627646",
    "拨打12333咨询",  # the hotline
    "统一社会信用代码91440101MA59XXXX1K",  # a firm's code
    "914401015915184712",  # one of digits only
    "股权代码ZS3971",
    "卡号4111111111111112",  # fails the check digit: a serial number
    "到2035年达到800万人",
    "110101999913451234",  # no such day, so no identity number
    "138001380001234",  # too long for a mobile number
    "@所有人",
    "",
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_personal_data_is_masked(text, expected):
    assert mask_personal_data(clean(text)) == (clean(expected), True)


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_are_left_alone(text):
    assert mask_personal_data(clean(text)) == (clean(text), False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的电话[手机号],技师能落户吗", ",技师能落户吗"),
        ("我的身份证号码是:[身份证号]", ""),
        ("本人手机:[手机号] 邮箱[邮箱]", " "),
        ("寄到[邮箱]行吗", "寄到行吗"),
        ("海珠的联系电话是多少", "海珠的联系电话是多少"),  # no mask, nothing goes
    ],
)
def test_masks_and_their_announcement_are_not_searched(text, expected):
    assert without_masks(text) == expected
