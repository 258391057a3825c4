"""The process of a flow run under `ontherecord serve`: Prefect's own, but it dies with its worker.

Otherwise a killed worker would leave its runs behind, writing and reporting to nobody. As this is the main
module, the extraction workers do not import Prefect either.
"""

from __future__ import annotations

import os
import runpy

from ontherecord.flows.workers.parent_death import die_with_parent

if __name__ == "__main__":
    die_with_parent(os.getppid())
    runpy.run_module("prefect.engine", run_name="__main__")
