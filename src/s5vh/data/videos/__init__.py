"""From video files to frame features: which files, decoding, networks, extraction."""
