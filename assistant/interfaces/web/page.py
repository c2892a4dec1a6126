"""The page itself: components, their order, and what happens when a person asks, picks or clears."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import gradio as gr

from assistant.answering.waiting import AT_ONCE
from assistant.errors import QuestionError
from assistant.interfaces.web.asking import ROLES, Answerer, Turns, keep, read_question, take_turn
from assistant.interfaces.web.escaping import escape
from assistant.interfaces.web.evidence import NOTHING_YET, evidence_html
from assistant.interfaces.web.introducing import EXAMPLES, introduction_html, place_choices, role_choices
from assistant.interfaces.web.laying_out import TITLE
from assistant.interfaces.web.packing import ENDINGS, parcel
from assistant.interfaces.web.reading import citations_of
from assistant.interfaces.web.rendering import messages
from assistant.registers.packs import Pack

Clock = Callable[[], date]
_FONTS = ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]
Packer = Callable[[Turns], Pack]
_EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build_page(answerer: Answerer, clock: Clock, pack: Packer | None = None) -> gr.Blocks:
    """Lay out the page and wire its events. All of a conversation lives in the session's `gr.State`.

    Args:
        answerer: answers questions.
        clock: the day.
        pack: makes a conversation a pack for its export; None for no export.
    """
    page: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        turns = gr.State((), time_to_live=3600)
        # Kept in the browser alone; the secret hides nothing and is fixed, so that a restart forgets nothing.
        standing = gr.BrowserState(["", "other"], storage_key="standing", secret="standing")
        gr.Markdown(f"# {TITLE}", elem_id="top", elem_classes="unseen", latex_delimiters=[], buttons=[])
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                gr.Markdown("## 问答", elem_classes="unseen", buttons=[])
                chat = gr.Chatbot(
                    label="问答",
                    show_label=False,
                    elem_id="chat",
                    placeholder=introduction_html(answerer, clock()),
                    examples=[{"text": example} for example in EXAMPLES],
                    buttons=[],
                    latex_delimiters=[],
                    autoscroll=False,
                    layout="panel",
                    height="auto",
                    feedback_options=None,
                )
            with gr.Column(elem_id="evidence"):
                evidence = gr.Markdown(NOTHING_YET, latex_delimiters=[], buttons=[])
            with gr.Column(elem_id="ask"):
                gr.Markdown("## 提问", elem_classes="unseen", buttons=[])
                question = gr.Textbox(label="您的问题", lines=1, max_lines=6, elem_id="question", autofocus=False)
                problem = gr.Markdown(visible=False, elem_id="problem", latex_delimiters=[], buttons=[])
                with gr.Row(elem_id="buttons"):
                    send = gr.Button("提问", variant="primary", elem_id="send")
                    clear = gr.Button("清空", elem_id="clear")
                with gr.Row(elem_id="standing"):
                    place = gr.Dropdown(
                        place_choices(answerer), value="", label="地区", filterable=False, interactive=True
                    )
                    role = gr.Radio(role_choices(), value="other", label="身份", interactive=True)
                if pack is not None:
                    _add_export(turns, pack)

        def ask(text: object, place: str | None, role: str | None, turns: Turns) -> Iterator[tuple[Any, ...]]:
            try:
                words = read_question(text)
            except QuestionError as error:
                yield (*[gr.skip()] * 4, gr.Markdown(f'<p role="alert">{escape(str(error))}</p>', visible=True))
                return
            no_problem = gr.Markdown("", visible=False)
            yield gr.skip(), messages(turns, pending=words), gr.skip(), "", no_problem
            before: Turns = ()
            for turn in take_turn(answerer, clock(), words, place, role, turns):
                after = keep((*turns, turn))
                # what a language model phrases rests on the cards that are there
                same = bool(before) and citations_of(before[-1]) == citations_of(turn)
                yield (
                    after,
                    messages(after),
                    gr.skip() if same else evidence_html(answerer, after),
                    gr.skip(),
                    no_problem,
                )
                before = after

        def ask_picked(
            place: str | None, role: str | None, turns: Turns, picked: gr.SelectData
        ) -> Iterator[tuple[Any, ...]]:
            """An example or a choice of a clarification: its words are the question."""
            value = picked.value
            yield from ask(value.get("text") if isinstance(value, dict) else value, place, role, turns)

        def forget() -> tuple[Any, ...]:
            return (), [], NOTHING_YET, "", gr.Markdown("", visible=False)

        def remembered(kept: object) -> tuple[gr.Dropdown, str]:
            """What the browser kept, unless it is none of ours; the places are those of the texts held now."""
            place, role = kept if isinstance(kept, list) and len(kept) == 2 else ("", "other")
            places = place_choices(answerer)
            known = any(place == code for _, code in places)
            return gr.Dropdown(places, value=place if known else ""), (role if role in ROLES else "other")

        shown = [turns, chat, evidence, question, problem]
        typed = gr.on([question.submit, send.click], ask, [question, place, role, turns], shown, **_EVENT)
        picked = gr.on([chat.example_select, chat.option_select], ask_picked, [place, role, turns], shown, **_EVENT)
        # a language model's words must not come back into an emptied page
        gr.on([clear.click, chat.clear], forget, None, shown, cancels=[typed, picked], **_EVENT)
        gr.on([place.input, role.input], lambda *chosen: list(chosen), [place, role], standing, **_EVENT)
        page.load(remembered, standing, [place, role], **_EVENT)
        # Statuses change with the day, so a page left running introduces itself anew to each visitor.
        page.load(lambda: gr.Chatbot(placeholder=introduction_html(answerer, clock())), None, chat, **_EVENT)
    held_up = AT_ONCE if answerer.model_name else 0  # events that may wait for a language model
    page.queue(api_open=False, max_size=64, default_concurrency_limit=4 + held_up)
    return page


def _add_export(turns: gr.State, pack: Packer) -> None:
    """Buttons that hand the conversation to the page's script as a file."""

    def export_as(ending: str) -> Callable[[Turns], str]:
        return lambda held: parcel(pack(held), ending)

    with gr.Row(elem_id="exports"):
        gr.Markdown("导出问答：", buttons=[])
        exported = gr.Markdown("", elem_id="exported", latex_delimiters=[], buttons=[])
        for ending, name in ENDINGS.items():
            gr.Button(name, elem_classes="export-as").click(export_as(ending), turns, exported, **_EVENT)


def theme() -> gr.themes.Base:
    """Local fonts only, text of 16 px and up, grey text dark enough to read."""
    return gr.themes.Default(
        primary_hue=gr.themes.colors.blue, text_size=gr.themes.sizes.text_lg, font=_FONTS, font_mono=_FONTS
    ).set(
        body_text_color_subdued="#505a5f",
        body_text_color_subdued_dark="#c8ccd0",
        button_primary_background_fill="#0b4f9e",
        button_primary_background_fill_hover="#083c79",
        button_primary_background_fill_dark="#0b4f9e",
        button_primary_background_fill_hover_dark="#083c79",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#ffffff",
    )
