"""The training engine and the stages that use it."""

RESIDENT_BYTES = 4 * 2**30  # feature files up to this size are kept in memory, larger ones are streamed
