"""`python3 -m e2e.cluster`."""

import signal
import sys

from e2e.cluster.cli import main

# As Ctrl-C: what is half-made is taken away.
signal.signal(signal.SIGTERM, signal.default_int_handler)
sys.exit(main())
