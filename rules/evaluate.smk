"""Codes and scores under every configured evaluation protocol.

REQUIRED INPUTS: a model; feature files of the database and the queries
OUTPUTS: codes.npz, ap.npz, metrics.json and pr.csv, next to the model or under results/transfer/{train}_to_{test}/;
results/{dataset}/reference_rankings.json; results/{dataset}/protocol_study.json
"""


rule evaluate:
    """Encode the database and queries of the data set the model was trained on, and score the ranking."""
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
    priority: SCORING
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        gpu=jobs.gpus_per_job(),
        mem_mb=memory_of(),
        runtime=120,
    params:
        folder=subpath(output.metrics, parent=True),
        protocols=all_protocols(),
        precision=precision_options,
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
            {params.precision:q} \
            --threads {threads} \
            --output-dir {params.folder:q}
        """


use rule evaluate as evaluate_transfer with:
    # Models trained on one data set, evaluated on another (Table 1 of S5VH, 4 of MCMSH, 2 of AutoSSVH).
    input:
        model=layout.model("{train}", "{method}", "{bits}", "{seed}"),
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
    resources:
        gpu=jobs.gpus_per_job(),
        mem_mb=memory_of("test"),
        runtime=120,
    message:
        "Evaluating {wildcards.method}, trained on {wildcards.train}, on {wildcards.test}: {wildcards.bits} bits, "
        "seed {wildcards.seed}"


rule score_reference_rankings:
    """Score rankings that need no codes: chance, real-valued features, and all relevant videos first."""
    input:
        database=part("database"),
        query=part("query"),
    output:
        scores=layout.reference_rankings("{dataset}"),
    log:
        "logs/score_reference_rankings/{dataset}.log",
    benchmark:
        "logs/score_reference_rankings/{dataset}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=memory_of(),
        runtime=240,
    params:
        protocols=all_protocols(),
        rankings=RUN.config.reference_rankings,
        code=stage_digest("studies.reference_rankings"),
    message:
        "Scoring reference rankings on {wildcards.dataset}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh reference-rankings \
            --database {input.database:q} \
            --query {input.query:q} \
            --protocols {params.protocols:q} \
            --threads {threads} \
            --output {output.scores:q} \
            {params.rankings}
        """


rule study_protocol:
    """Measure how much scores depend on the order of ties and on self-matches, and find near-duplicates of queries."""
    input:
        codes=lambda wildcards: [folder / "codes.npz" for folder in folders_of_protocol_study(wildcards)],
        metrics=lambda wildcards: [folder / "metrics.json" for folder in folders_of_protocol_study(wildcards)],
        database=part("database"),
        query=part("query"),
    output:
        study=layout.protocol_study("{dataset}"),
    log:
        "logs/study_protocol/{dataset}.log",
    benchmark:
        "logs/study_protocol/{dataset}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=memory_of(),  # one vector of every video, several times
        runtime=240,
    params:
        cells=folders_of_protocol_study,
        protocols=all_protocols(),
        settings=protocol_study_settings(),
        code=stage_digest("studies.protocol_study"),
    message:
        "Studying the effect of the evaluation protocol on {wildcards.dataset}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh protocol-study \
            --database {input.database:q} \
            --query {input.query:q} \
            --protocols {params.protocols:q} \
            --settings {params.settings:q} \
            --threads {threads} \
            --output {output.study:q} \
            {params.cells:q}
        """
