"""Models: one per data set, method, code length and seed.

REQUIRED INPUTS: feature files and any other files the method requires; for imported methods, the authors' checkpoint
OUTPUTS: results/{dataset}/{method}/{bits}bit/seed{seed}/model.safetensors; for networks also train.csv and evals.csv
"""


rule train:
    """Train a network. A checkpoint is kept next to the outputs, so an interrupted training resumes from it.

    The checkpoint is not a declared output, because Snakemake deletes the outputs of failed jobs.
    """
    input:
        train=part("train"),
        database=part("database"),
        query=part("query"),
        prepared=training_inputs,
    output:
        model=CELL / "model.safetensors",
        losses=CELL / "train.csv",
        evaluations=CELL / "evals.csv",
    log:
        "logs/train/{dataset}_{method}_{bits}bit_seed{seed}.log",
    benchmark:
        "logs/train/{dataset}_{method}_{bits}bit_seed{seed}.tsv"
    wildcard_constraints:
        method=methods_where(trained=True),
    priority: TRAINING
    conda:
        "../envs/cpu.yaml"
    # One thread, because parallel trainings are faster overall than one training on all cores. Profiles may set more.
    threads: 1
    resources:
        gpu=jobs.gpus_per_job(),
        gpu_share=1,  # how many trainings may share one GPU; profiles may set more
        mem_mb=memory_of(),
        runtime=1440,
    params:
        folder=subpath(output.model, parent=True),
        cell=settings_of_cell,
        protocol=main_protocol(),
        prepared=prepared_options,
        curve=curve_options,
        code=code_of_cell("training.stage"),
    message:
        "Training {wildcards.method} on {wildcards.dataset}: {wildcards.bits} bits, seed {wildcards.seed}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh train \
            --cell {params.cell:q} \
            --train {input.train:q} \
            --database {input.database:q} \
            --query {input.query:q} \
            {params.prepared:q} \
            {params.curve:q} \
            --protocol {params.protocol:q} \
            --threads {threads} \
            --gpu-share {resources.gpu_share} \
            --output-dir {params.folder:q}
        """


rule fit:
    """Fit a method that needs no gradient training."""
    input:
        train=part("train"),
    output:
        model=CELL / "model.safetensors",
    log:
        "logs/fit/{dataset}_{method}_{bits}bit_seed{seed}.log",
    benchmark:
        "logs/fit/{dataset}_{method}_{bits}bit_seed{seed}.tsv"
    wildcard_constraints:
        method=methods_where(trained=False),
    priority: SCORING
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_preparation,
        runtime=120,
    params:
        cell=settings_of_cell,
        code=code_of_cell("training.fitting"),
    message:
        "Fitting {wildcards.method} on {wildcards.dataset}: {wildcards.bits} bits, seed {wildcards.seed}"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh fit \
            --cell {params.cell:q} \
            --train {input.train:q} \
            --threads {threads} \
            --output {output.model:q}
        """


rule import_checkpoint:
    """Import a network from a checkpoint published by its authors; nothing is trained."""
    input:
        checkpoint=checkpoint_of_cell,
    output:
        model=CELL / "model.safetensors",
    log:
        "logs/import_checkpoint/{dataset}_{method}_{bits}bit_seed{seed}.log",
    benchmark:
        "logs/import_checkpoint/{dataset}_{method}_{bits}bit_seed{seed}.tsv"
    wildcard_constraints:
        method=methods_where(trained=True, imported=True),
    priority: SCORING
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        folder=subpath(output.model, parent=True),
        cell=settings_of_cell,
        shape=shape_of_features,
        code=code_of_cell("methods.import_checkpoint"),
    message:
        "Importing the {wildcards.method} checkpoint for {wildcards.dataset}: {wildcards.bits} bits"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh import-checkpoint {input.checkpoint:q} \
            --cell {params.cell:q} \
            --output-dir {params.folder:q}
        """
