"""Indexes of codes: building them with a trained model, adding to them, searching them, showing what was found."""
