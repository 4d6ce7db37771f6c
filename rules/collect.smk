"""What can be asked for by name: `snakemake TARGET`. `snakemake --list-target-rules` prints the names.

all, report, tables, figures, models    everything, one page, or everything of one sort
table1, table2, figure1a, figure3, ...  a table or figure; `scaling` is figure1a with its table
departures                              what each departure of the released code is worth; no part of `all`
ucf101, 16bit, ucf101_16bit             the scores of a data set, a code length, or both
"""


rule report:
    """The page that a person reads."""
    input:
        layout.report(),


rule tables:
    """Every table, as csv, md and tex."""
    input:
        [layout.table(name) for name in TABLES],


rule figures:
    """Every figure, as pdf and png, with its numbers as csv."""
    input:
        [layout.figure(name) for name in FIGURES],


rule models:
    """Every trained or fitted model; the part of the work that wants a GPU."""
    input:
        [layout.cell(*cell) / "model.safetensors" for cell in cells(RUN.config, RUN.datasets)],


rule scaling:
    """Time and memory against sequence length, as figure and table."""
    input:
        layout.figure("figure1a"),
        layout.table("efficiency"),


for name in dict.fromkeys([*TABLES, *FIGURES, *ON_REQUEST]):

    rule:
        """A table, a figure, or both where they have one name."""
        name:
            name
        input:
            layout.table(name) if name in TABLES + ON_REQUEST else [],
            layout.figure(name) if name in FIGURES + ON_REQUEST else [],


for name, files in files_by_target(RUN).items():

    rule:
        """Scores of the cells of a data set, of a code length, or of both."""
        name:
            name
        input:
            files,
