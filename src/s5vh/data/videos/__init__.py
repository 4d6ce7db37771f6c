"""Frame features from video files: listing, decoding, networks, extraction."""
