"""The training engine and the training and fitting stages."""
