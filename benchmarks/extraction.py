"""Frame feature extraction from video files: image networks, and decoding 25 frames of a file.

    python benchmarks/extraction.py [--repeats 5] [--threads 2] [--output benchmarks/measured/extraction.json]

Networks: 25 frames of 224 x 224 pixels through each with random weights, as in `s5vh extract`, against standard torch:
the same network and weights, channels first, default allocator settings. (In the same process, the baseline benefits
from memory that is already allocated; on its own it is slower.) Decoding: 25 evenly spaced frames of a synthetic H.264
file with 640 x 360 pixels and 60 seconds, against decoding the whole file with PyAV and keeping those frames. Both are
verified first: features to 1e-4 of their largest value, frames exactly. Ours and the baseline alternate; numbers are
medians with (minimum, maximum), in seconds. The lower bound of a network is its number of operations over the rate of
one large matrix product on this machine.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import av
import numpy as np
import torch
from in_turn import usual_memory

from s5vh.base.files import write_json
from s5vh.base.memory import keep_freed_memory
from s5vh.base.provenance import provenance
from s5vh.config.dataset import DatasetConfig
from s5vh.config.videos import VideosConfig
from s5vh.data.videos.decode import read_clip, uniform_indices
from s5vh.data.videos.extract import open_extractor
from s5vh.data.videos.networks import NETWORKS
from s5vh.data.videos.weights import randomise

MEASURED = Path(__file__).parent / "measured"
FRAMES = 25
# Multiplications per frame at 224 x 224, without the last layer.
PRODUCTS = {"efficientnet_lite0": 0.384e9, "resnet50": 4.09e9, "vgg16": 15.47e9}


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def in_turns(ours: Callable[[], object], peer: Callable[[], object], repeats: int) -> dict:
    """Time both alternately after a warm-up, each with its own handling of freed memory."""
    taken: dict[str, list[float]] = {"ours": [], "peer": []}
    for turn in range(repeats + 1):
        for name, work, memory in (("ours", ours, keep_freed_memory), ("peer", peer, usual_memory)):
            memory()
            value = seconds(work)
            if turn:
                taken[name].append(value)
    found = {name: [median(values), min(values), max(values)] for name, values in taken.items()}
    return found | {"ratio": found["peer"][0] / found["ours"][0]}


def product_rate() -> float:
    """Operations per second of one large float32 matrix product."""
    a = torch.rand(2048, 2048)
    a @ a
    return 2 * 2048**3 / min(seconds(lambda: a @ a) for _ in range(5))


def measure_network(name: str, repeats: int, rate: float) -> dict:
    settings = VideosConfig(network=name, weights="random")
    config = DatasetConfig(title=name, kind="videos", frames=FRAMES, videos=settings)
    extractor = open_extractor(config, device="cpu")
    plain = NETWORKS[name]()
    randomise(plain, settings.weights_seed)
    plain.eval()
    frames = list(np.random.default_rng(0).integers(0, 256, (FRAMES, 224, 224, 3), dtype=np.uint8))
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (settings.mean, settings.std))

    @torch.inference_mode()
    def usual() -> np.ndarray:
        images = torch.from_numpy(np.stack(frames).transpose(0, 3, 1, 2).copy()).float() / 255
        return plain((images - mean) / std).numpy()

    expected = usual()
    difference = np.abs(extractor.features(frames) - expected).max() / np.abs(expected).max()
    assert difference < 1e-4, f"{name}: features differ by {difference:g}"
    task = f"{FRAMES} frames through {name}"
    return {"task": task, "difference": float(difference), "floor": FRAMES * 2 * PRODUCTS[name] / rate} | in_turns(
        lambda: extractor.features(frames), usual, repeats
    )


def measure_reading(repeats: int, length: int = 1500) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.mp4"
        draws = np.random.default_rng(0)
        background = draws.integers(0, 256, (23, 40, 3), dtype=np.uint8).repeat(16, axis=0).repeat(16, axis=1)[:360]
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=25, options={"preset": "veryfast", "g": "250"})
            stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
            for number in range(length):
                frame = av.VideoFrame.from_ndarray(np.roll(background, 2 * number, axis=1), format="rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        wanted = uniform_indices(length, FRAMES).tolist()

        def ours() -> list[np.ndarray]:
            return read_clip(path, FRAMES, np.asarray).frames

        def everything() -> list[np.ndarray]:
            with av.open(str(path)) as container:
                container.streams.video[0].thread_type = "AUTO"
                numbered = enumerate(container.decode(video=0))
                return [frame.to_ndarray(format="rgb24") for number, frame in numbered if number in wanted]

        for first, second in zip(ours(), everything(), strict=True):
            np.testing.assert_array_equal(first, second)
        return {"task": f"{FRAMES} of {length} frames of a file"} | in_turns(ours, everything, repeats)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--threads", type=int)
    options.add_argument("--output", type=Path, default=MEASURED / "extraction.json")
    arguments = options.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    rate = product_rate()
    tasks = [measure_reading(arguments.repeats)]
    tasks += [measure_network(name, arguments.repeats, rate) for name in PRODUCTS]
    for task in tasks:
        ours, peer = task["ours"], task["peer"]
        floor = f", lower bound {task['floor']:.2f} s" if "floor" in task else ""
        print(f"{task['task']}: {ours[0]:.2f} s, baseline {peer[0]:.2f} s, {task['ratio']:.1f} times{floor}")
    record = provenance(threads=torch.get_num_threads(), repeats=arguments.repeats)
    write_json(arguments.output, {"product_rate": rate, "tasks": tasks, "provenance": record})


if __name__ == "__main__":
    main()
