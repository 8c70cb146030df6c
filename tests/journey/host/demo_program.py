"""Tieout's command line as far as the demonstration uses it; run by its test."""

import sys

from tieout.host.configuration import Configuration
from tieout.host.processes import die_with_parent
from tieout.host.serve import serve
from tieout.sandbox.__main__ import main as sandbox

if sys.argv[1] == "serve":
    serve(Configuration.from_environment())
else:
    die_with_parent()
    sys.exit(sandbox(sys.argv[2:]))
