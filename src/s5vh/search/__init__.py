"""Build, extend and search indexes of binary codes, and present the results."""
