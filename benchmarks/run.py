"""The benchmark as a script: ``python benchmarks/run.py --help``."""

import os
import runpy
import sys

# A script finds only what stands beside it.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
runpy.run_module("benchmarks", run_name="__main__", alter_sys=True)
