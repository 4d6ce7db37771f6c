#!/usr/bin/env bash
# Run by Snakemake in the working directory, inside the new conda environment.
set -euo pipefail
checkout="${S5VH_CHECKOUT:-$PWD}"
if ! [ -f "$checkout/envs/cpu.lock.txt" ]; then
    echo "s5vh: error: no envs/cpu.lock.txt in $checkout; set S5VH_CHECKOUT to the folder of the Snakefile" >&2
    exit 2
fi
python -m pip install --requirement "$checkout/envs/cpu.lock.txt"
python -m pip install --no-deps --editable "$checkout"
