"""The page's own calls, without a browser: join the queue, read the stream to its end."""

from __future__ import annotations

import json

JOIN, DATA = "/ui/gradio_api/queue/join", "/ui/gradio_api/queue/data"


def asking_function(loaded) -> int:
    """The number of the page's function that takes a question."""
    config = json.loads(loaded.call(loaded.connect(), "GET", "/ui/config")[2])
    (found,) = [d["id"] for d in config["dependencies"] if len(d["inputs"]) == 4]
    return found


def put(loaded, connection, function: int, session: str, question: str) -> tuple[int, str, float]:
    """Status of joining, everything the stream said, and the seconds until its end."""
    body = {"data": [question, "", "other", None], "fn_index": function, "session_hash": session}
    status, _, text, joined = loaded.call(connection, "POST", JOIN, body)
    if status != 200:
        return status, text, joined
    _, _, stream, waited = loaded.call(connection, "GET", f"{DATA}?session_hash={session}")
    return status, stream, joined + waited


def completed(stream: str) -> dict:
    """The last event of a stream."""
    events = [json.loads(line[5:]) for line in stream.splitlines() if line.startswith("data:")]
    (done,) = [event for event in events if event["msg"] == "process_completed"]
    return done
