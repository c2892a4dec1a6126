"""Loading Gradio without what it does for those who develop components.

For each of its hundred component classes it parses the class's source on import and writes a stub file beside it, into
the installed package: half of the seconds it takes to load, and a write outside the one folder that this program writes
to. Nothing at run time reads those files, so that step is left out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_MODULE, _STEP = "gradio.component_meta", "create_or_modify_pyi"


class _Without(Loader):
    """Loads the module as its own loader does, then puts nothing in the place of the step, if it still has one."""

    def __init__(self, own: Loader) -> None:
        self._own = own

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._own.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._own.exec_module(module)
        if hasattr(module, _STEP):
            setattr(module, _STEP, lambda *_: None)


class _Finder(MetaPathFinder):
    """Finds the one module; everything else is left to the finders behind it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Without(spec.loader)
        return spec


def load_quickly() -> None:
    """Arrange it; without effect when Gradio is loaded already. Call it before the first import of Gradio."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
