"""Arithmetic: kernels whose rounding does not depend on the place in a block, chosen by the processor."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ontherecord.flows.extract.nlp.blas import blas_core_type

ROUNDING = """
from ontherecord.flows.extract.nlp.blas import configure_blas
configure_blas()
import numpy as np
dice = np.random.default_rng(0)
weights = dice.standard_normal((288, 288)).astype(np.float32)
rows = dice.standard_normal((256, 288)).astype(np.float32)
whole = rows @ weights
order = dice.permutation(256)
assert np.array_equal(rows[order] @ weights, whole[order])
assert all(np.array_equal(rows[:count] @ weights, whole[:count]) for count in range(32, 257, 32))
"""


@pytest.mark.parametrize(
    ("features", "kernels"),
    [
        ({"sse2", "avx", "avx2", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}, "SKYLAKEX"),
        ({"sse2", "avx", "avx2", "avx512f", "avx512cd"}, "SANDYBRIDGE"),
        ({"sse2", "avx"}, "SANDYBRIDGE"),
        ({"sse2"}, None),
        (set(), None),
    ],
)
def test_kernels_by_processor_features(features: set[str], kernels: str | None) -> None:
    assert blas_core_type(features) == kernels


def test_a_row_is_rounded_alike_wherever_it_stands() -> None:
    environment = {**os.environ, "OPENBLAS_CORETYPE": "Haswell"}  # which does not
    subprocess.run([sys.executable, "-c", ROUNDING], env=environment, check=True)
