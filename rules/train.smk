"""Models: a method on a data set, at a code length, with a seed.

REQUIRED INPUTS: feature files and whatever artifacts the method asks for; for imported methods the file of their authors
OUTPUTS: results/{dataset}/{method}/{bits}bit/seed{seed}/model.safetensors, of networks also train.csv and evals.csv
"""


rule train:
    """Train a network. It keeps a checkpoint beside the outputs, so a run that was killed resumes there.

    The checkpoint is no declared output, because Snakemake deletes the outputs of a job that fails.
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
    conda:
        "../envs/cpu.yaml"
    # One, so that trainings run side by side: that is faster than one training on all cores. A profile may set more.
    threads: 1
    resources:
        gpu=jobs.gpus_of_a_job(),
        gpu_share=1,  # trainings that may use one GPU at a time; a profile sets more
        mem_mb=memory_of(),
        runtime=1440,
    params:
        folder=subpath(output.model, parent=True),
        cell=settings_of_cell,
        protocol=main_protocol(),
        prepared=prepared_options,
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
            --protocol {params.protocol:q} \
            --threads {threads} \
            --gpu-share {resources.gpu_share} \
            --output-dir {params.folder:q}
        """


rule fit:
    """Fit a method that has no network, in one go."""
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
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=memory_of(),
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
    """Take the network from a file that its authors published; nothing is trained."""
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
        "Importing {wildcards.method} of {wildcards.dataset}: {wildcards.bits} bits"
    shell:
        """
        exec &> >(tee {log:q})
        s5vh import-checkpoint {input.checkpoint:q} \
            --cell {params.cell:q} \
            --output-dir {params.folder:q}
        """
