"""Who is to act."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.model import Force
from assistant.provisions.force import main_force
from assistant.provisions.parties import MAX_NAME, duty_bearer

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"

SENTENCES = [
    ("参加实习的学生有权获得报酬。", "参加实习的学生"),
    ("市人民政府设立校企合作发展专项资金。", "市人民政府"),
    ("从事培训的教师，应当具有技师以上职业资格。", "从事培训的教师"),
    ("当事人对处罚决定不服的，可以依法申请复议。", "当事人"),
    ("校企合作双方应当签订合作协议。", "校企合作双方"),
    ("鼓励国有企业对评聘的技师设置工资单元。", "国有企业"),
    ("支持符合有关条件前提下,技工院校设立分校。", "技工院校"),
    ("标准由单位自定，不得低于500元。", "单位"),
    ("行业主管部门应当做好供需预测。", "行业主管部门"),  # binds no firm
    ("国有企业要结合实际纳入考核。", "国有企业"),  # right before the modal
    ("企业对培养产生的“新工匠”，应建立配套激励制度。", "企业"),  # the subject opens the part before
    ("企业、培训机构对劳动者的培训课时，可记入范畴。", "企业、培训机构"),  # two of them
    ("各区政府要统筹用好经费，支持队伍建设。", "各区政府"),  # a verb hanging on
    ("对不予受理的委托，司法鉴定机构应当书面告知。", "司法鉴定机构"),  # after an aside
    ("对退回宅基地的，当地人民政府应当给予奖励。", "当地人民政府"),  # 当地 is no aside
    ("不动产登记机构受理申请后，应当进行查验。", "不动产登记机构"),  # before a condition
    ("供水企业因检修需要中断服务的，应当提前通知。", "供水企业"),  # inside a condition
    ("水环境受到污染时，县级以上人民政府应当发布预警。", "县级以上人民政府"),  # after a condition
    ("县级以上人民政府应急管理部门应当加强培训。", "县级以上人民政府应急管理部门"),  # 应急 is no modal
    ("代表所在单位应当提供保障。", "代表所在单位"),  # 所在
    ("市、县（市、区）人民政府根据需要，可以采取措施。", "市、县（市、区）人民政府"),  # brackets inside
    ("任何单位和个人不得擅自占用。", "任何单位和个人"),  # everyone
    ("第十九条各级主管部门应建立机制。", "各级主管部门"),  # without its label
    ("（三）上级机构可以书面委托下级机构查处。", "上级机构"),  # another label
    ("鼓励企业开展评聘工作。", "企业"),  # addressed
    ("支持工会、共青团、妇联更好发挥作用。", "工会、共青团、妇联"),  # three
    ("支持有条件的区结合本地实际给予补贴。", "有条件的区"),  # a district
    ("鼓励职业学校(含技工院校,下同)与涉农院所合作。", "职业学校"),  # an aside in brackets is not part of the name
    (
        "重点支持高成长中小企业、高层次人才创办的企业制定计划。",
        "高成长中小企业、高层次人才创办的企业",
    ),  # a relative clause
    ("推动信息公开，引导企业、培训机构和劳动者积极参与。", "企业、培训机构和劳动者"),  # the second cue addresses
    ("对作出重大贡献的技能人才,可按规定直接申报特级技师。", "技能人才"),  # a person who acts
    ("取得毕业证书的，可免试部分内容。", "取得毕业证书的"),  # a person named by a condition
    ("符合条件的“海珠首席技师”可优先参与评定。", "符合条件的“海珠首席技师”"),  # a title in quotation marks
    ("符合条件的高技能人才可纳入申领范围。", ""),  # a person who is treated
    ("聘任为特级技师的人员,可比照高级管理人员享受同等待遇。", ""),  # another
    ("新建建设项目应当编制节水方案。", ""),  # a thing
    ("名额不超过每批次企业的20%。", ""),  # a bound
    ("鼓励推行“双导师”制度。", ""),  # nobody addressed
    ("探索智能建造人才培养模式改革。", ""),  # a work, not a person
    ("未经批准，不得中止监测。", ""),  # nobody named
    ("督促企业按规定提取经费。", "企业"),  # a statement that drives someone
    ("逾期不清理的，由城市管理局代为清理。", "城市管理局"),  # 由…
    ("消防救援机构负责对用气场所实施监督。", "消防救援机构"),  # …负责
    ("建立由学徒工、技师、首席技师构成的序列。", ""),  # 由…构成 names parts
    ("强化行政机关负责人出庭应诉。", ""),  # 负责人 is no verb
    ("", ""),  # nothing
]


@pytest.mark.parametrize(("sentence", "bearer"), SENTENCES, ids=[row[0] for row in SENTENCES])
def test_duty_bearer(sentence: str, bearer: str) -> None:
    assert duty_bearer(sentence, main_force(sentence)) == bearer


def test_a_goal_binds_nobody() -> None:
    assert duty_bearer("到2027年，企业培训10万人次。", Force.GOAL) == ""


def test_no_cue_of_the_force_asked_for() -> None:
    assert duty_bearer("企业应当培训。", Force.MAY) == ""


def test_a_name_is_a_slice_and_never_endless() -> None:
    for name in ("outline/force.jsonl", "force_other.jsonl"):
        for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines():
            sentence = json.loads(line)["sentence"]
            for force in Force:
                found = duty_bearer(sentence, force)
                assert found in sentence
                assert len(found) <= MAX_NAME


KNOWN_MISSES = {
    # the words name the firm's income, not the firm
    "公办职业院校相关收入的一定比例可以作为绩效工资来源,符合规定的可以不受绩效工资总量限制。",
    # the first one addressed is a government, the firm comes second
    "支持各地出台政策鼓励社会资金投入，引导企业按规定足额提取和使用职工教育经费，60%以上用于一线职工教育和培训。",
    # the subject stands in the sentence before
    "要把“新工匠”作为企业今后核心的技术技能人才来培养，不断培养成就一批批高技术技能人才。",
    # these follow a force that is misread
    "建立技能人才继续教育制度,深化求学圆梦、学历和技能提升行动,引导技能人才通过高等学历继续教育、职业技能培训、学分转换等方式提升技能等级或学历。",
    "通过新闻媒体、各类交流平台等渠道和方式，开展职业技能提升行动政策宣传和解读，推动培训信息公开，引导企业、培训机构和劳动者积极参与职业技能提升行动，用足用好政策，提高政策的公众知晓度。",
    # a condition that names those affected, before a duty of nobody named
    "制定与市场主体生产经营活动密切相关的政策措施，可能影响市场主体正常生产经营的，应当为市场主体留出必要的适应调整期，但是影响国家安全和损害公共利益的除外。",
}


def test_every_wrong_bearer_is_a_known_one() -> None:
    wrong = set()
    for name in ("outline/force.jsonl", "force_other.jsonl"):
        for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if duty_bearer(row["sentence"], main_force(row["sentence"])) != row["duty_bearer"]:
                wrong.add(row["sentence"])
    assert wrong == KNOWN_MISSES
