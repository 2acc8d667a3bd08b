// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using Reports.Tables;

namespace Cli.Networks;

/// <summary>Writes docs/networks.md: a text that depends on the figures alone.</summary>
public static class NetworksPage
{
    /// <summary>The table of the figures.</summary>
    public static Table TableOf(IEnumerable<NetworkFigures> figures) => Table.Of(figures,
    [
        new("network", "", row => row.Network),
        new("parameters", "", row => row.Parameters),
        new("multiply-accumulates", "", row => row.Macs),
        new("cycles", "", row => row.Cycles),
        new("utilisation", "", row => row.Utilization, NumberStyle.Percent),
        new("DRAM", "bytes", row => row.DramBytes),
        new("bound", "cycles", row => row.Bound),
        new("over bound", "", row => row.CyclesOverBound),
        new("fixed / search", "", row => row.FixedOverSearch),
    ]);

    /// <summary>The page in Markdown.</summary>
    public static string Format(IReadOnlyList<NetworkFigures> figures, AcceleratorSpec accelerator) =>
        $"""
        # Networks by name

        Written by `./codesign network table --out docs/networks.md`, which gives every network of [configs/networks](../configs/networks) random 8-bit weights and
        8-bit activations, schedules it on `{accelerator.Name}` and times it. Weights do not change times.

        {MarkdownTable.Format(TableOf(figures))}
        *Parameters*: weights and biases, with batch norms folded into them. *Multiply-accumulates*: of convolutions, dense layers and products of two tensors, those with padding included.
        *Cycles*: one inference with nothing resident, from the start to the last store. *Utilisation*: multiply-accumulates per PE and cycle. *DRAM*: bytes read and
        written, whole memory words. *Bound*: cycles that no schedule goes below ([schedule-file.md](schedule-file.md)); *over bound*: how far from optimal the schedule is at most.
        *Fixed / search*: cycles of the fixed heuristic (the tallest bands that fit, one tile of channels at a time, nothing forwarded) over those of the search.

        What remains between schedule and bound, by the stalls of the units:

        - `alexnet`, `vgg16`, `vgg_small`, `lenet_large`: next to nothing. Their dense layers at batch 1 are bound by the way of each stationary tile into the array, two cycles a row for one vector.
        - `lenet5`: the first loads, and the ends of layers of a few hundred cycles.
        - `resnet8`, `resnet20`, `resnet50`, `ds_cnn`: a layer waits for the last band of the layer or addition before it, while array and port would have time. The bound knows that the last rows come last, not how
          few rows a band can have.
        - `mobilenet_v1`, `mobilenet_v2`: the same, and depthwise layers whose bands overlap by the rows of a window, which the port loads twice.
        - `squeezenet`: poolings of overlapping windows on the vector unit, during which the array has only the next small layer to do; the bound counts the part of it that cannot overlap.
        - `shufflenet_v1`: a tensor that is stored through a channel shuffle takes a beat for each element: the port is the bound, at twice what the array needs. Grouped 1 x 1 convolutions keep their tiles within
          groups where that makes fewer segments.
        - `resnet18`: activations of the first band of a layer.
        - `transformer_block`: the same, for each head anew: its query, key and value each load all tokens; scores and contexts are within a tenth of their products.

        The grammar of the files is in [network-file.md](network-file.md). To run one:

        ```
        ./codesign network resnet18 --out runs/resnet18
        ./codesign simulate --network runs/resnet18 --accelerator configs/accelerators/{accelerator.Name}.yaml --random-input 1 --output runs/resnet18.npy
        ```

        """.ReplaceLineEndings("\n");
}
