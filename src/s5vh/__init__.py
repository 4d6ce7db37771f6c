"""S5VH: self-supervised video hashing with selective state spaces, reproduced from frame features to the report."""

from s5vh.base.threads import let_idle_threads_sleep

__version__ = "0.1.0"

let_idle_threads_sleep()
