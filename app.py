"""Starts the web page on http://127.0.0.1:7860 (`python app.py`)."""

import sys

from assistant.interfaces.web.serving import main

if __name__ == "__main__":
    sys.exit(main())
