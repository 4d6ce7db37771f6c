"""A rehearsal: a run of the papers' grid on random features of their exact shapes, with an estimate of the real run."""
