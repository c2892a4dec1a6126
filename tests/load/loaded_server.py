"""The site as a process of its own, with the real answerer made slower or canned: `python loaded_server.py PORT …`."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sites import Wrapped, burn, settings

from assistant.answering.answerer import open_answerer
from assistant.interfaces.http.assembling import build_site
from assistant.interfaces.recording import start_log
from assistant.interfaces.web.serving import close_environment, listening_socket, run_server
from assistant.model import Question
from assistant.settings import read_settings


class Canned(Wrapped):
    """Answers everything with the answer to the first question, so that only the server itself is at work."""

    def answer(self, question, as_of):
        self.before(question)
        if not self.asked:
            self.reply = self.real.answer(Question("广州首席技师有什么待遇"), as_of)
            self.asked.append(question)
        return self.reply

    def stages(self, question, as_of):
        yield self.answer(question, as_of)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--burn", type=float, default=0.0, help="processor seconds added to every answer")
    parser.add_argument(
        "--sleep", type=float, nargs=2, help="seconds, from and to, that every answer waits, as for an LLM"
    )
    parser.add_argument("--canned", action="store_true")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--waiting", type=int, default=24)
    given = parser.parse_args()
    answerer = open_answerer(read_settings())
    chance = random.Random(1)
    if given.canned:
        answerer = Canned(answerer, burn(given.burn))
    elif given.sleep:
        answerer = Wrapped(answerer, lambda question: time.sleep(chance.uniform(*given.sleep)))
    elif given.burn:
        answerer = Wrapped(answerer, burn(given.burn))
    serving = settings(Path(tempfile.mkdtemp()), page=given.page, threads=given.threads, waiting=given.waiting)
    close_environment()
    start_log()
    with listening_socket("127.0.0.1", given.port) as listener:
        run_server(build_site(answerer, date.today, serving), listener, "127.0.0.1")


if __name__ == "__main__":
    sys.exit(main())
