"""Codes and scores, under every protocol of the configuration.

REQUIRED INPUTS: a model; feature files of the database and the queries
OUTPUTS: codes.npz, ap.npz, metrics.json and pr.csv, beside the model or under results/transfer/{train}_to_{test}/
"""


rule evaluate:
    """Encode the database and the queries of the data set that the model was made on, and score the ranking."""
    input:
        model=CELL / "model.safetensors",
        database=part("database"),
        query=part("query"),
    output:
        codes=CELL / "codes.npz",
        queries=CELL / "ap.npz",
        metrics=CELL / "metrics.json",
        curves=CELL / "pr.csv",
    log:
        "logs/evaluate/{dataset}_{method}_{bits}bit_seed{seed}.log",
    benchmark:
        "logs/evaluate/{dataset}_{method}_{bits}bit_seed{seed}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        gpu=planning.gpus_of_a_job(),
        mem_mb=memory_of(),
        runtime=120,
    params:
        folder=subpath(output.metrics, parent=True),
        protocols=all_protocols(),
        code=code_of_cell("studies.evaluation"),
    message:
        "Evaluating {wildcards.method} on {wildcards.dataset}: {wildcards.bits} bits, seed {wildcards.seed}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh evaluate \
            --model {input.model:q} \
            --database {input.database:q} \
            --query {input.query:q} \
            --protocols {params.protocols:q} \
            --threads {threads} \
            --output-dir {params.folder:q}
        """


rule evaluate_transfer:
    """Score a model of one data set on the videos of another (S5VH paper, Table 1)."""
    input:
        model=layout.cell("{train}", "{method}", "{bits}", "{seed}") / "model.safetensors",
        database=part("database", "test"),
        query=part("query", "test"),
    output:
        codes=TRANSFER / "codes.npz",
        queries=TRANSFER / "ap.npz",
        metrics=TRANSFER / "metrics.json",
        curves=TRANSFER / "pr.csv",
    log:
        "logs/evaluate_transfer/{train}_to_{test}_{method}_{bits}bit_seed{seed}.log",
    benchmark:
        "logs/evaluate_transfer/{train}_to_{test}_{method}_{bits}bit_seed{seed}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        gpu=planning.gpus_of_a_job(),
        mem_mb=memory_of("test"),
        runtime=120,
    params:
        folder=subpath(output.metrics, parent=True),
        protocols=all_protocols(),
        code=code_of_cell("studies.evaluation"),
    message:
        "Evaluating {wildcards.method} of {wildcards.train} on {wildcards.test}: {wildcards.bits} bits"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh evaluate \
            --model {input.model:q} \
            --database {input.database:q} \
            --query {input.query:q} \
            --protocols {params.protocols:q} \
            --threads {threads} \
            --output-dir {params.folder:q}
        """
