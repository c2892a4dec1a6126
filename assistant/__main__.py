"""`python -m assistant`."""

import gc
import sys

from assistant.interfaces.cli import main

code = main()
gc.freeze()  # else everything is gone through for garbage at exit, a tenth of a cold answer
sys.exit(code)
