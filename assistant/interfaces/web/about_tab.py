"""关于: what is held, what cannot be done, how answers are made, how good they are, what to keep in mind."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter
from starlette.responses import Response

from assistant.interfaces.http.service import Service
from assistant.interfaces.web.laying_out import ABOUT, page_response

QUALITY = (
    ("没见过的题，整题答对（测试 243 题、未见 152 题、更难的 157 题）", "89.3 %、92.1 %、86.0 %"),
    ("前三条引文里有依据", "96.0 %、93.7 %、98.2 %"),
    ("文件没写的，如实说没写（目前最弱的一项）", "87.8 %、92.0 %、78.7 %"),
    ("有答案却误拒", "5.9 %、0.8 %、7.3 %"),
    ("引文逐字等于原文", "100 %（2058 条、1301 条、1167 条）"),
    ("查待遇：列出的行准确 / 应有的行找到（规则是看着这些标注调的）", "96.6 / 99.5 %"),
    ("查义务：列出的行准确 / 应有的行找到（同上）", "98.3 / 96.1 %"),
)
"""The figures of README 质量 and 四张清单; a test compares them."""


def routes(service: Service) -> APIRouter:
    """The tab."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(f"/{ABOUT.path}", methods=["GET", "HEAD"])
    def about() -> Response:
        return page_response(ABOUT, _body(service))

    return router


def _body(service: Service) -> str:
    opened = service.answerer
    codes = dict.fromkeys(d.policy.jurisdiction for d in opened.documents if d.policy.jurisdiction)
    places = "、".join(escape(opened.place_name(code)) for code in sorted(codes))
    figures = "".join(f"<tr><th scope=row>{name}</th><td>{value}</td></tr>" for name, value in QUALITY)
    return (
        f"<h1>关于</h1><section><h2>收了什么</h2><p>{len(opened.documents)} 份文件：{places}。"
        f'清单、时效和来源质量见<a href="policies">文件库</a>。时效按 {service.clock().isoformat()} 判断。'
        "</p></section>"
        "<section><h2>做不到什么</h2><ul><li>库里没有的文件答不了；没有不等于没有政策。</li>"
        "<li>不是官方答复，不替您判断资格，不办理业务，不查办件进度。</li>"
        "<li>文件没有写的金额、期限、流程，说没有写，不猜。</li></ul></section>"
        "<section><h2>回答怎么来的</h2><ul><li>先定地区范围，再检索；别处的规定不拿来顶替。</li>"
        "<li>引文按位置从原文切出，一个字不改；每句标明必须、鼓励、可以、目标还是陈述。</li>"
        f"<li>四张清单由同一套规则逐句读出，不是人工录入。</li><li>{_model_told(opened.model_name)}</li></ul></section>"
        f'<section><h2>量过的质量</h2><table class="figures"><tbody>{figures}</tbody></table>'
        '<p class="hint">题目、量法和更多数字在项目说明里。</p></section>'
        "<section><h2>隐私</h2><ul><li>整个程序只在这台服务器上运行，网页不向外发任何请求。</li>"
        "<li>问题不写日志；地区、身份、字号和深浅色只记在您的浏览器里。</li>"
        "<li>点“有用”“没用”时默认不存问题，勾了同意才存，存前遮住身份证号、手机号、邮箱、银行卡号，三十天后删除。"
        "</li></ul></section>"
        "<section><h2>请注意</h2><p>摘自原文，非官方答复，以发文单位最新文件为准。征求意见稿还不能据此办理。</p></section>"
    )


def _model_told(name: str) -> str:
    """Whether a language model has a hand in the answers, and which."""
    if not name:
        return "没有用语言模型：回答都是原句和固定的话。"
    return (
        f"要点先列原句，再由语言模型（{escape(name)}）摘写；每句逐字与引文核对，不符的换回原句。结论、引文、力度和提示都不由它写。"
        "发给它的只有遮住个人信息的问题和引用的原句。"
    )
