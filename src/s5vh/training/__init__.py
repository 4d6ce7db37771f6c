"""The training engine and the stages that use it."""

RESIDENT_BYTES = 4 * 2**30  # feature files up to this size are kept in memory, larger ones are streamed

# Columns of evals.csv by which checkpoints are chosen.
PUBLISHED_CRITERION = "mAP@5"  # on the test queries; higher is better
HELD_OUT_CRITERION = "held_out_total"  # the training loss on held-out videos; lower is better
