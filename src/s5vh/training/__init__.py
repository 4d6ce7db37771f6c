"""The training engine and the stages that use it."""
