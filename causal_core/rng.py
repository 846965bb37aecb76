"""One seed, many independent generators, each named for what it drives.

Naming the streams means that drawing more from one never shifts another, so the
same seed gives the same noise at every slider position.
"""

from __future__ import annotations

import hashlib

import numpy as np


def derive_seed(seed: int, *names: object) -> int:
    """A 63-bit seed for the stream called `names`, independent of every other name.

    >>> derive_seed(0, "noise", "x") == derive_seed(0, "noise", "x")
    True
    >>> derive_seed(0, "noise", "x") == derive_seed(0, "noise", "y")
    False
    """
    text = "\x1f".join([str(int(seed)), *(str(name) for name in names)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def generator(seed: int, *names: object) -> np.random.Generator:
    """A numpy generator for the stream called `names`."""
    return np.random.default_rng(derive_seed(seed, *names))
