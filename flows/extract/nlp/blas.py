"""Configure BLAS, the library behind NumPy's matrix products. Call before NumPy is first imported.

OpenBLAS has kernels for each kind of processor. Its Haswell kernels, also used on AMD, round a row of a
product differently by its position in a block, so an article's result could depend on the other articles in
its batch. The kernels chosen here do not, and with AVX-512 they also take half the time.
"""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_AVX512 = ("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl")


def configure_blas() -> None:
    """Set threads and kernels for this process and its children.

    The number of threads can be overridden in the environment, the kernels cannot: results must not depend
    on it.
    """
    # Worker processes already share out the processors.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    if kernels := blas_core_type(_features()):
        os.environ["OPENBLAS_CORETYPE"] = kernels


def blas_core_type(features: Container[str]) -> str | None:
    """Return OpenBLAS's name for the kernels to use, by processor features; None leaves the default."""
    if all(feature in features for feature in _AVX512):
        return "SKYLAKEX"
    return "SANDYBRIDGE" if "avx" in features else None


def _features() -> frozenset[str]:
    """Return the features of an x86 processor; empty for others, or where they cannot be read."""
    try:
        lines = _CPUINFO.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    found = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(found.partition(":")[2].split())
