"""`python -m s5vh` is the command `s5vh`."""

import sys

from s5vh.cli import main

sys.exit(main())
