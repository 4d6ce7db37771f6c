"""Hashes of the package videohash, for near_duplicates.py. Runs in an environment of its own:

    python -m venv VENV && VENV/bin/pip install videohash imageio-ffmpeg

Reads paths from standard input and answers each with a line of JSON: the 64 bits, or the error, and the seconds that it
took, of the clock and of processors (of FFmpeg, too). If there is no command `ffmpeg`, that of imageio-ffmpeg is used.
Pillow 10 removed the old name of its Lanczos filter, which videohash 3.0.1 still uses; it is put back.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

if not hasattr(Image, "ANTIALIAS"):
    Image.ANTIALIAS = Image.Resampling.LANCZOS


def processor_seconds() -> float:
    """Processor time of this process and of its children so far."""
    return sum(os.times()[:4])


def main() -> None:
    from videohash import VideoHash

    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("ffmpeg") is None:
            import imageio_ffmpeg

            Path(folder, "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
            os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
        for line in sys.stdin:
            started, before = time.perf_counter(), processor_seconds()
            try:
                video = VideoHash(path=line.rstrip("\n"))
                answer = {"bits": video.bitlist}
                video.delete_storage_path()
            except Exception as error:  # a video that it cannot hash must not end the others
                answer = {"error": f"{type(error).__name__}: {error}"}
            taken = {"seconds": time.perf_counter() - started, "processor_seconds": processor_seconds() - before}
            print(json.dumps(answer | taken), flush=True)


if __name__ == "__main__":
    main()
