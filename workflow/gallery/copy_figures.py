"""Copy the demo's figures, made small, from results/figures to this folder, where README.md shows them.

`make gallery` runs it after `make demo`.
"""

from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
FIGURES = HERE.parents[1] / "results" / "figures"
WIDTH = 900  # pixels: README shows two beside each other
COLORS = 128

for name in ("figure3", "figure1b", "figure1a", "examples"):
    picture = Image.open(FIGURES / f"{name}.png").convert("RGB")
    if name == "examples":  # a page: its first queries are enough
        picture = picture.crop((0, 0, picture.width, int(picture.width * 0.66)))
    small = picture.resize((WIDTH, picture.height * WIDTH // picture.width), Image.Resampling.LANCZOS)
    small.quantize(COLORS).save(HERE / f"{name}.png", optimize=True)
