"""Extract what has landed and do nothing else, in the pool that ingest uses: what ingest is held against.

    .venv/bin/python bench/alone.py LANDING WORKERS

Files are read and parsed before the clock starts, and the model loads after. Prints as JSON how many texts
there were, the wall seconds from the pool's start to the last extract, and the pool's own processor seconds,
its workers not counted.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Parse, then extract."""
    landing, workers = Path(sys.argv[1]), int(sys.argv[2])
    sys.path.insert(0, str(ROOT))
    # Imported here, since a worker imports this file as well.
    from texts import read_texts

    from ontherecord.flows.landing.folder import list_landing
    from ontherecord.flows.settings import load_settings
    from ontherecord.flows.workers.pool import ExtractionPool
    from ontherecord.warehouse.extract_cache import ExtractCache

    texts = read_texts(sorted(list_landing(landing), key=lambda landed: landed.source_path))
    with tempfile.TemporaryDirectory(dir=landing.parent) as folder:
        wall, cpu = time.monotonic(), time.process_time()
        with ExtractionPool(
            load_settings(home=folder, workers=workers), ExtractCache(Path(folder) / "extracts.sqlite")
        ) as pool:
            pool.start(len(texts))
            pool.extract(texts)
            wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    print(json.dumps({"texts": len(texts), "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main()
