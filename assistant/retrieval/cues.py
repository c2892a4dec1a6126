"""What kind of answer a question wants, read from its question words. Each cue stands beside an example."""

from __future__ import annotations

import re
from enum import StrEnum


class QuestionKind(StrEnum):
    """The shape of the answer wanted; a question may have several."""

    TITLE = "title"  # 这份文件叫什么
    DOCUMENT_NUMBER = "document_number"  # 发文字号是多少
    ISSUER = "issuer"  # 谁发的
    ISSUED_ON = "issued_on"  # 哪天印发的
    EFFECTIVE = "effective"  # 什么时候开始执行、有效期多久
    STATUS = "status"  # 现在还有效吗
    CONTACT = "contact"  # 电话是多少
    AUTHORITY = "authority"  # 谁牵头
    MONEY = "money"  # 多少钱
    NUMBER = "number"  # 多少家
    DURATION = "duration"  # 几天、多久
    DEADLINE = "deadline"  # 什么时候、到哪年
    COMPARISON = "comparison"  # 广州和湛江有什么不同
    LIST = "list"  # 有哪些
    BINDING = "binding"  # 必须吗、强制吗
    YES_NO = "yes_no"  # …吗
    PROCEDURE = "procedure"  # 怎么办、找谁
    CONSEQUENCE = "consequence"  # 不…会怎样


_CUES: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    # 「发文字号是多少」「文号」「几号文」「编号」
    # 「广州这份文件叫什么」「方案全称是什么」「标题怎么写」
    (
        QuestionKind.TITLE,
        re.compile(
            r"(?:文件|意见|方案|计划|通知|政策|这份|那份)的?(?:叫什么(?:名|$|？|\?)|叫啥|全称|全名|标题|题目|名称)"
            r"|(?:标题|全称|文件名|文件全名)(?:是|叫|怎么)"
        ),
    ),
    (QuestionKind.DOCUMENT_NUMBER, re.compile(r"发文字号|文\s*号|字号|几号文|哪号文|文件编号|编号是")),
    # 「谁发的」「哪个单位印发」「由谁、在什么时候出的」「哪几个单位一块发的」「出台单位」
    (
        QuestionKind.ISSUER,
        re.compile(
            r"(?:谁|哪(?:几|些|个|一)?(?:个|家)?(?:单位|部门|机关|厅局))(?:[^，。？?]{0,8}?)(?:发|印|出(?:台|的)|制定|下)(?:的|文|布|发|行)?"
            r"|发文(?:机关|单位|部门)|联合(?:发文|印发)|是[^，。？?]{2,12}(?:局|厅|办|政府|委)(?:发|印|出)的|(?:发布|印发|出台|制定)(?:机关|单位|部门)|谁出的|邊(?:個|个)(?:部門|部门)(?:出|發|发)"
        ),
    ),
    # 「哪天印的」「什么时候发布」「成文日期」「几月几号发的」
    (
        QuestionKind.ISSUED_ON,
        re.compile(
            r"(?:哪(?:天|年|一天|一年|日|个月)|什么时候|啥时候|几时|何时|几月几[号日]|几号(?!文)|幾時)[^，。？?]{0,6}(?:印|发|出|公布|颁|成文|挂|签|登)"
            r"|(?:成文|印发|发布|公布|发文|落款|签发)(?:日期|时间|的日期|的时间)|(?:印发|发布|出台)于(?:哪|何)"
        ),
    ),
    # 「什么时候开始执行」「从哪天起施行」「有效期几年」「实施日期」「执行到什么时候」
    (
        QuestionKind.EFFECTIVE,
        re.compile(
            r"(?:什么时候|啥时候|何时|哪(?:天|年|日|个月)|几时|幾時|几[月号])[^，。？?]{0,6}(?:执行|施行|实施|生效|起效|实行|试行)"
            r"|(?:施行|实施|生效|执行|试行)的?(?:日期|时间|期限)|有效期"
            r"|(?:执行|施行|实施|有效|管用?|实行|试行)(?:期)?(?:到|至)(?:什么时候|啥时候|何时|哪|几时|几号)"
        ),
    ),
    # 「现在还有效吗」「过期没」「还算数吗」「是不是正式文件」「失效」「期限到哪天」「还能申请吗」
    (
        QuestionKind.STATUS,
        re.compile(
            r"有效(?:吗|么|没|期)|还有效|失效|(?:还|现在|如今)(?:算数|作数)|算数(?:了|吗|不)|落地了?(?:没|吗)|定下来|作废|过期|废止|还算数|生效|正式(?:文件|印发|发布|出台|实施|版)|(?:草案|征求意见稿?)(?!里|中|写|说|点|提|对|管|有没有|规定|怎|上|让|帮|讲|是不是|[^，。？?]{1,8}(?:谁|多少|有没有|能不能|管不管|怎么))|期限到|目标期|还(?:在|能)?执行|还管用|仲有效|定稿|兑现|能拿(?:着|这|它|来).{0,8}办|拿着?去办"
        ),
    ),
    (QuestionKind.CONTACT, re.compile(r"电话|號碼|联系方式|邮箱|地址|热线|网址|公众号|联系人|邮编|传真")),
    # 「谁牵头」「哪些部门配合」「归谁管」「责任单位」
    (
        QuestionKind.AUTHORITY,
        re.compile(
            r"牵头|牽頭|配合(?:单位|部门|的)?|责任单位|负责单位|主管(?:部门|单位|机关)|归(?:谁|哪)|谁(?:负责|管|来管|主管|主抓|挑头)|哪(?:个|些|几个|几家|家)(?:单位|部门|局|机构)(?:负责|管|主管|抓|办|来)|边个(?:部门|单位)?(?:负责|牵头|管)|承办"
        ),
    ),
    # 「多少钱」「几千块」「给多少补贴」「金额」「奖励金」「一个月多少」
    (
        QuestionKind.MONEY,
        re.compile(
            r"多少(?:钱|元|块|万元)|几(?:多)?(?:百|千|万|十)?(?:块|元|钱)|金额|幾多錢|几多钱|多少(?:补贴|津贴|奖励|奖金|工资|补助|资助)|(?:补贴|津贴|奖励金?|奖金|补助|资助|工资|购房款|标准)[^，。？?吗]{0,8}(?:多少|几钱|几何|几多)|每月(?:多少|发多少)|一个月(?:多少|发多少|有多少)|发多少|给多少|拿多少|领多少|罚(?:多少|款)"
        ),
    ),
    (
        QuestionKind.DURATION,
        re.compile(r"多久|多长时间|几(?:天|个月|年|个工作日|小时)|多少(?:天|年|个月|小时)|几时到期|期限多"),
    ),
    (
        QuestionKind.DEADLINE,
        re.compile(r"什么时候|啥时候|何时|哪(?:年|天|一年|个月)|几月|到哪|截止|截至|时间表|几时|幾時"),
    ),
    (
        QuestionKind.NUMBER,
        re.compile(
            r"多少|几(?:个|家|名|人|项|次|成|类|种|所|倍|多)|百分之|百分比|比例|占比|名额|指标|总量|总数|数量|規模|规模|幾多|目标(?:是|数)"
        ),
    ),
    # 「广州和湛江有什么不同」「各地怎么规定」「分别」「哪边」
    (
        QuestionKind.COMPARISON,
        re.compile(
            r"区别|差别|不同|差异(?!化)|对比|比较|相比|一样吗|一码事|各地|各省|哪(?:边|个地方|里)(?:[^，。？?]{0,6}更|多|高|严|松)|(?:分别|各自|都)(?:怎么|用|是|写|有)|各(?:写|是|有|叫|怎|定|给|说|用|排|占|要)|比.{1,8}多|跟.{1,6}(?:比|是不是)|谁更"
        ),
    ),
    (QuestionKind.LIST, re.compile(r"哪些|有什么|有啥|都有|全部|所有|列(?:出|一下|举)|清单|分别是|邊啲|边啲|哪几")),
    (
        QuestionKind.BINDING,
        re.compile(
            r"必须|强制|非得|一定要|硬性|非要|要不要|要求还是|义务|算不算违规|违法吗|是要求|口气|力度|自愿|可以不"
        ),
    ),
    (
        QuestionKind.CONSEQUENCE,
        re.compile(
            r"会怎样|会怎么样|会不会影响|有(?:什么|啥|乜)影响|会咋样|会怎么处|后果|处罚|罚|不(?:提|做|给|建|交|执行).{0,8}(?:怎|会|行)|违规|追回"
        ),
    ),
    (
        QuestionKind.PROCEDURE,
        re.compile(
            r"怎么(?:办|申请|申报|领|弄|报|走|评|认定|考)|如何|流程|手续|材料|在哪(?:办|领|申请|报)|哪里(?:办|申请|报名)|找谁|去哪|点样|點樣"
        ),
    ),
    (
        QuestionKind.YES_NO,
        re.compile(
            r"吗|嗎|(?<![什怎甚那这])么[？?]?$|是不是|能不能|可不可以|有没有|有冇|行不行|对不对|对吗|会不会|咩|算不算|可以.{0,12}[？?]$|没有[？?]?$|冇[？?]?$|吧[？?]?$"
        ),
    ),
)


def kinds_of(question: str) -> tuple[QuestionKind, ...]:
    """The kinds whose cues the question holds, in the order of the enumeration above.

    Example:
        >>> [kind.value for kind in kinds_of("广州薪酬分配那块是哪两家牵头？")]
        ['authority']
        >>> [kind.value for kind in kinds_of("广州技能津贴一个月多少钱")][0]
        'money'
    """
    return tuple(kind for kind, pattern in _CUES if pattern.search(question))
