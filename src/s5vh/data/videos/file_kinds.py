"""Which files are videos: by their suffix where that is certain, otherwise by their content, which FFmpeg is asked for.

Imports stay light; FFmpeg is loaded only when a file has to be opened.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

PICTURE = "pictures"
_CERTAIN = {
    # Accepted without a look inside, which keeps listing quick; the extraction tells which of them cannot be read.
    "videos": ".3g2 .3gp .3gp2 .3gpp .amv .asf .avi .divx .dv .evo .f4v .flv .h264 .h265 .hevc .ivf .m1v .m2p .m2t "
    ".m2ts .m2v .m4v .mj2 .mjpeg .mjpg .mkv .mov .mp4 .mpe .mpeg .mpg .mpv .mts .mxf .nut .ogm .ogv .qt .rmvb .tod .ts "
    ".vob .vro .webm .wmv .wtv .xvid .y4m",
    "possible frames": ".bmp .jfif .jpe .jpeg .jpg .png .tif .tiff .webp",
    PICTURE: ".ai .avif .cr2 .dng .eps .exr .heic .heif .ico .jp2 .jxl .nef .pbm .pgm .ppm .psd .svg .tga .thm .xcf",
    "text or data": ".ann .ass .bib .bif .c .cfg .conf .cpp .csv .css .db .doc .docx .eaf .feather .flo .h5 .hdf5 .htm "
    ".html .idx .info .ini .ipynb .js .json .jsonl .list .lnk .log .lst .m .mat .md .md5 .md5sum .ndjson .nfo .npy "
    ".npz .odt .onnx .parquet .pb .pdf .pickle .pkl .pt .pth .py .pyc .r .rst .rtf .sami .safetensors .sbv .sfv .sh "
    ".sha1 .sha256 .sha512 .smi .sqlite .srt .ssa .sub .sup .tex .tfrecord .toml .tsv .ttml .txt .url .vtt .webloc "
    ".xls .xlsx .xml .yaml .yml",
    "sound": ".aac .ac3 .aif .aifc .aiff .alac .amr .ape .au .caf .dts .eac3 .flac .gsm .m4a .m4b .mid .midi .mka .mp2 "
    ".mp3 .oga .opus .spx .tak .tta .voc .wav .wma .wv",
    "archives": ".7z .bz2 .gz .iso .lz4 .rar .tar .tgz .xz .zip .zst",
    "playlists": ".asx .concat .ffconcat .m3u .m3u8 .mpd .pls .sdp .xspf",
    "unfinished downloads": ".aria2 .crdownload .download .filepart .opdownload .part .partial .tmp .ytdl",
}
_KINDS = {suffix: kind for kind, suffixes in _CERTAIN.items() for suffix in suffixes.split()}
VIDEO_SUFFIXES, PICTURE_SUFFIXES = (frozenset(_CERTAIN[kind].split()) for kind in ("videos", "possible frames"))
_SYSTEM = frozenset(
    {"$recycle.bin", "@eadir", "__macosx", "desktop.ini", "ehthumbs.db", "lost+found", "system volume information"}
    | {"thumbs.db", "icon\r"}
)
_PROBED = 2**16  # bytes that tell the container; with FFmpeg's default, 2 ** 20, files of anything else take long
_TEXT_ART = frozenset({"ansi", "bintext", "idf", "xbin"})  # codecs by which FFmpeg draws text files
_MAYBE_STILL = frozenset({"apng", "gif", "webp"})  # codecs of both pictures and animations


def suffix_of(name: str) -> str:
    """Lowercase suffix of a file name, with its dot; "" if it has none."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def ignored_name(name: str) -> str | None:
    """Why a file or folder of this name is never looked at: hidden, or made by the operating system; else None."""
    if name.lower() in _SYSTEM:
        return "of the operating system"
    return "hidden" if name.startswith(".") else None


def other_kind(name: str) -> str | None:
    """What a file is if its suffix says that it is certainly not a video; else None."""
    suffix = suffix_of(name)
    if suffix in VIDEO_SUFFIXES:
        return None
    return PICTURE if suffix in PICTURE_SUFFIXES else _KINDS.get(suffix)


def is_video(file: Path) -> bool:
    """Whether a regular file is a video, by its name if that is certain, otherwise by its content."""
    if suffix_of(file.name) in VIDEO_SUFFIXES:
        return True
    if other_kind(file.name) is not None:
        return False
    stat = file.stat()
    return why_no_video(str(file), stat.st_size, stat.st_mtime_ns) is None


@cache
def why_no_video(path: str, size: int, _changed: int) -> str | None:
    """Ask FFmpeg whether a file has a video that can be decoded; None if so, otherwise the reason.

    The cover of a sound file and a picture of a single frame are not videos.

    Args:
        path: the file.
        size, _changed: its size in bytes and time of modification, because answers are cached.
    """
    if not size:
        return "empty"
    if suffix_of(os.path.basename(path)) == ".gif":  # there may be many, and FFmpeg would decode the beginning of each
        return None if _is_animated(path) else PICTURE
    import av
    from av.stream import Disposition

    try:
        # FFmpeg would take the part of a name before a colon for a protocol, and a playlist could name other files.
        options = {"protocol_whitelist": "file", "formatprobesize": str(_PROBED)}
        with av.open(f"file:{path}", metadata_errors="replace", options=options) as container:
            streams = [
                stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic
            ]
            if not streams:
                types = sorted({stream.type for stream in container.streams} - {"video"})
                return f"without a video stream, only {', '.join(types)}" if types else "without a video stream"
            codec = streams[0].codec_context
            if codec is None:
                return "of a codec that FFmpeg cannot decode"
            if codec.name in _TEXT_ART:
                return "text or data"
            if container.format.name == "image2" or container.format.name.endswith("_pipe"):
                return PICTURE
            if codec.name in _MAYBE_STILL and not _has_two_packets(container, streams[0]):
                return PICTURE
            return None if codec.width and codec.height else "not recognised as videos by FFmpeg"
    except (av.FFmpegError, UnicodeError, IndexError) as error:
        # An error of the system, such as a missing permission, has another cause than the content.
        if isinstance(error, OSError) and not isinstance(error, av.EOFError) and error.strerror:
            return f"unreadable ({error.strerror})"
        return "not recognised as videos by FFmpeg"


def _is_animated(path: str) -> bool:
    """Whether a GIF has several frames; true if it cannot be read, which the extraction then reports."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            return picture.is_animated
    except (OSError, SyntaxError, ValueError):
        return True


def _has_two_packets(container: object, stream: object) -> bool:
    packets = (packet for packet in container.demux(stream) if packet.size)
    return sum(1 for _, _packet in zip(range(2), packets, strict=False)) == 2
