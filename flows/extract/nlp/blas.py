"""Arithmetic: how matrix products are computed. To be settled before NumPy is loaded, which reads it then.

OpenBLAS has a set of kernels for each kind of processor. Those for Haswell, which AMD's get as well, round
a row of a product by where in a block it stands, so that an article could come out another way beside
other articles. Those chosen here do not; on processors with AVX-512 they take half the time, too.
"""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_AVX512 = ("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl")


def configure_blas() -> None:
    """Settle it for this process and those it starts.

    The environment keeps its say on threads, not on kernels: the records must not depend on it.
    """
    # Processors are shared out by processes already.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    if kernels := blas_core_type(_features()):
        os.environ["OPENBLAS_CORETYPE"] = kernels


def blas_core_type(features: Container[str]) -> str | None:
    """Return OpenBLAS's name of the kernels for a processor of these features; None leaves it the choice."""
    if all(feature in features for feature in _AVX512):
        return "SKYLAKEX"
    return "SANDYBRIDGE" if "avx" in features else None


def _features() -> frozenset[str]:
    """Return what an x86 processor says that it can do, nothing of any other or where it is not said."""
    try:
        lines = _CPUINFO.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    found = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(found.partition(":")[2].split())
