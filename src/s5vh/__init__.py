"""S5VH: self-supervised video hashing with selective state spaces, reproduced from frame features to the report."""

__version__ = "0.1.0"
