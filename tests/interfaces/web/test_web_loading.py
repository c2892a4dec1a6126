"""Gradio is loaded without writing into its package, and its components are what they were."""

from __future__ import annotations

import subprocess
import sys

LOADING = """
import pathlib, sys
from assistant.interfaces.web.loading_gradio import load_quickly
if {quickly}:
    load_quickly()
    load_quickly()
touched = []
reads = pathlib.Path.read_text
pathlib.Path.read_text = lambda self, *a, **k: touched.append(self.name) or reads(self, *a, **k)
import gradio
with gradio.Blocks(analytics_enabled=False) as page:
    box = gradio.Textbox(label="甲")
    box.submit(lambda words: words, box, box)
print(sum(name.endswith(".pyi") for name in touched))
print(sorted(event for event in dir(gradio.Chatbot) if event in ("change", "clear", "example_select")))
print(len(page.get_config_file()["components"]))
print(len([finder for finder in sys.meta_path if type(finder).__name__ == "_Finder"]))
"""


def loaded(quickly: bool) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADING.format(quickly=quickly)], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_no_stub_is_written_and_the_components_are_the_same():
    stubs, events, components, finders = loaded(True)
    assert (stubs, finders) == ("0", "1")
    usual = loaded(False)
    assert int(usual[0]) > 20  # what is left out
    assert usual[1:3] == [events, components]


def test_a_gradio_without_that_step_loads_too(tmp_path):
    package = tmp_path / "gradio"
    package.mkdir()
    (package / "__init__.py").write_text("from gradio import component_meta")
    (package / "component_meta.py").write_text("kept = 1")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from assistant.interfaces.web.loading_gradio import load_quickly; load_quickly()\n"
        "import gradio.component_meta as m; print(m.kept, hasattr(m, 'create_or_modify_pyi'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 False\n"
