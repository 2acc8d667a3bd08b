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
        *Parameters*: weights and biases, with batch norms folded into them. *Multiply-accumulates*: of convolutions and dense layers, those with padding included.
        *Cycles*: one inference with nothing resident, from the start to the last store. *Utilisation*: multiply-accumulates per PE and cycle. *DRAM*: bytes read and
        written, whole memory words. *Bound*: cycles that no schedule goes below, the greatest of what array, memory port and vector unit need by themselves; *over bound*: how
        far from optimal the schedule is at most. *Fixed / search*: cycles of the fixed heuristic (the tallest bands that fit, one tile of channels at a time, nothing forwarded) over those of
        the search.

        The grammar of the files is in [network-file.md](network-file.md). To run one:

        ```
        ./codesign network resnet18 --out runs/resnet18
        ./codesign simulate --network runs/resnet18 --accelerator configs/accelerators/{accelerator.Name}.yaml --random-input 1 --output runs/resnet18.npy
        ```

        """.ReplaceLineEndings("\n");
}
