"""S5VH: self-supervised video hashing with selective state spaces, reproduced from frame features to the report."""

from s5vh.base.threads import choose_thread_pools

__version__ = "0.1.0"

choose_thread_pools()
