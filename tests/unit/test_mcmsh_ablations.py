"""Rows of MCMSH's tables: networks with some gates or other sizes, and trainings with some losses."""

import pytest
import torch
import torch.nn.functional as F
from pydantic import ValidationError

from s5vh.methods.contract import Shape
from s5vh.methods.load import load_method
from s5vh.methods.mcmsh.mixing import MCMLP, ContextGating
from s5vh.methods.mcmsh.network import MCMSH
from s5vh.methods.mcmsh.settings import Model
from s5vh.reporting.published_numbers import published_sizes

KINDS = ("long", "medium", "short")
SMALL = {"width": 32, "channel_reduction": 8}


def gating(gates, kind):
    torch.manual_seed(0)
    return ContextGating(6, 9, 2, convolution_groups=1, gates=gates, kind=kind, norm=False)


@pytest.mark.parametrize("alone", KINDS)
def test_one_kind_of_gates_alone(alone):
    masks, outputs = gating([alone], "masks"), gating([alone], "outputs")
    assert {name.partition(".")[0] for name, _ in masks.named_parameters()} == {"before", "after", alone}
    x = torch.randn(4, 6, 9)
    y = masks.before[0](x)
    expected = masks.after[0](y * getattr(masks, alone)(y, 1))
    torch.testing.assert_close(masks(x, 1), expected)
    torch.testing.assert_close(outputs(x, 1), expected)  # of one, masks and outputs have the same sum


def test_of_two_kinds_the_masks_or_the_outputs_are_summed():
    x = torch.randn(4, 6, 9)
    masks, outputs = gating(KINDS[1:], "masks"), gating(KINDS[1:], "outputs")
    y = masks.before[0](x)
    torch.testing.assert_close(masks(x, 1), masks.after[0](y * (masks.medium(y, 1) + masks.short(y, 1))))
    first, second = (before(x) for before in outputs.before)
    expected = outputs.after[0](first * outputs.medium(first, 1)) + outputs.after[1](second * outputs.short(second, 1))
    torch.testing.assert_close(outputs(x, 1), expected)


@pytest.mark.parametrize("released", [False, True])
def test_without_gates_it_is_an_mlp_mixer(released):
    more = {"gating": "outputs", "output_gating": True, "gate_norm": True} if released else {}
    net = MCMLP(Model(**SMALL, gates=(), **more), frames=7, feature_size=11).eval()
    assert {name.partition(".")[0] for name, _ in net.named_parameters()} == {"embed", "token_mlp", "channel_mlp"}
    feats = torch.randn(3, 7, 11)
    x = F.relu(net.embed(feats))
    x = x + net.token_mlp(x.transpose(1, 2)).transpose(1, 2)
    torch.testing.assert_close(net(feats), x + net.channel_mlp(x))


def test_gates_are_listed_once():
    with pytest.raises(ValidationError, match="gates are long, long; list each kind once"):
        Model(gates=("long", "long"))


def test_rows_of_table_2_have_the_published_number_of_parameters():
    printed = published_sizes("MCMSH", "Table 2").set_index("variant").params_M
    for ratio in (2, 8, 16, 32):
        settings = load_method(f"mcmsh_r{ratio}", "fcvid")
        with torch.device("meta"):
            net = MCMSH(settings, Shape(25, 4096, 64), {})
        count = sum(parameter.numel() for parameter in net.parameters())
        assert round(count / 1e6, 2) == printed[settings.published.variant]


def test_rows_of_table_3_keep_the_weights_of_their_losses():
    whole = {"cluster": 0.8, "similarity": 0.1, "quantisation": 0.01, "quadruplet": 0.01}
    kept = {
        "mcmsh_cluster_only": ["cluster"],
        "mcmsh_similarity_only": ["similarity", "quantisation"],
        "mcmsh_quadruplet_only": ["quadruplet"],
        "mcmsh_no_quadruplet": ["cluster", "similarity", "quantisation"],
        "mcmsh_no_similarity": ["cluster", "quadruplet"],
        "mcmsh_no_cluster": ["similarity", "quantisation", "quadruplet"],
        "mcmsh": list(whole),
    }
    for name, losses in kept.items():
        for dataset in ("fcvid", "demo"):
            found = load_method(name, dataset).loss
            assert {loss: getattr(found, loss) for loss in whole} == {
                loss: weight if loss in losses else 0 for loss, weight in whole.items()
            }, name
