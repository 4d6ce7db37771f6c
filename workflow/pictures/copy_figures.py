"""Copy the demo's figures, scaled down, to docs/pictures, where README.md and the documentation show them.

`make gallery` makes the figures, from five seeds, and runs it.
"""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "results/figures"
PICTURES = ROOT / "docs/pictures"
WIDTH = 900  # pixels
COLORS = 128

for name in ("figure3", "figure1a", "figure1b", "examples"):
    picture = Image.open(FIGURES / f"{name}.png").convert("RGB")
    if name == "examples":  # a page: its first queries are enough
        picture = picture.crop((0, 0, picture.width, int(picture.width * 0.66)))
    small = picture.resize((WIDTH, picture.height * WIDTH // picture.width), Image.Resampling.LANCZOS)
    small.quantize(COLORS).save(PICTURES / f"{name}.png", optimize=True)
