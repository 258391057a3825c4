"""The process that a flow run of `ontherecord serve` lives in: Prefect's own, but it ends with its worker.

A worker that is killed would otherwise leave its runs behind, writing with nobody to report to. Being
the main module also spares the extraction workers the import of Prefect.
"""

from __future__ import annotations

import os
import runpy

from ontherecord.flows.workers.parent_death import die_with_parent

if __name__ == "__main__":
    die_with_parent(os.getppid())
    runpy.run_module("prefect.engine", run_name="__main__")
