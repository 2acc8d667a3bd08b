// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace Cli.Explain;

/// <summary>Where the cycles of one layer went.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Cycles">Its cycles.</param>
/// <param name="Share">Its part of the inference.</param>
/// <param name="Parts">Its cycles by what the array unit did, largest first; they add up to <paramref name="Cycles"/>.</param>
/// <param name="Roofline">Its place under the roofline.</param>
/// <param name="Changes">What single changes would give.</param>
public sealed record LayerExplanation(string Layer, long Cycles, double Share, IReadOnlyList<CyclePart> Parts, Roofline Roofline, IReadOnlyList<WhatIf> Changes)
{
    /// <summary>Explains one layer of a network on a design.</summary>
    /// <param name="schedule">The schedule that ran.</param>
    /// <param name="timing">Its timing.</param>
    /// <param name="index">Index among <see cref="Schedule.Layers"/>.</param>
    public static LayerExplanation Of(Schedule schedule, TimingResult timing, int index)
    {
        ScheduledLayer layer = schedule.Layers[index];
        LayerTiming time = timing.Layers[index];
        UnitCycles array = time.Units[(int)UnitKind.Array];
        var parts = new List<CyclePart>
        {
            new("busy", array.Busy, "vectors stream through the array"),
            new("fill", array.Fill, "the array runs but no vector is read: stationary tiles enter, rows of a last group are empty"),
            new("issue", array.Issue, "instructions are fetched and started"),
        };
        foreach (Semaphore semaphore in Enum.GetValues<Semaphore>())
        {
            parts.Add(new(EnumNames.Of(semaphore), array.Stall[(int)semaphore], Meaning(semaphore)));
        }

        parts.Add(new("drain", time.Cycles - array.Total, "the array is done; the last words are requantised and stored"));
        return new(
            schedule.Network.Layers[layer.NetworkLayer].Name, time.Cycles, time.Cycles / (double)timing.Cycles,
            [.. parts.Where(part => part.Cycles > 0).OrderByDescending(part => part.Cycles)],
            Roofline.Of(schedule.Accelerator, layer.Macs, time),
            WhatIf.All(schedule.Network, schedule.Accelerator, layer.NetworkLayer));
    }

    /// <summary>The explanation in sentences.</summary>
    public IEnumerable<string> Sentences(AcceleratorSpec accelerator)
    {
        yield return Text($"{Layer} takes {Cycles} cycles, {100 * Share:0.0} % of the inference.");
        foreach (CyclePart part in Parts)
        {
            yield return Text($"  {part.Cycles,10}  {100.0 * part.Cycles / Math.Max(1, Cycles),5:0.0} %  {part.Name}: {part.Meaning}");
        }

        string limit = Roofline.Bound switch
        {
            RooflineBound.Compute => Text($"the array's {accelerator.ProductsPerCycle} products per cycle are the roof"),
            RooflineBound.Memory => Text($"the port's {accelerator.Memory.BytesPerCycle} bytes per cycle are the roof, {Roofline.Attainable:0.0} products per cycle at this intensity"),
            _ => "it has no products",
        };
        yield return Text($"It reaches {Roofline.Achieved:0.0} products per cycle at {Roofline.Intensity:0.0} products per byte of external memory; {limit}.");
        if (Changes.Count == 0 || Changes[0].LayerCycles >= Cycles)
        {
            yield return "No single change of those tried makes it faster.";
            yield break;
        }

        WhatIf best = Changes[0];
        yield return Text($"The single change that helps it most: {best.Change}: {best.LayerCycles} cycles, {Cycles / (double)Math.Max(1, best.LayerCycles):0.00}x faster ({best.Cycles} for the inference). All that were tried:");
        foreach (WhatIf change in Changes)
        {
            yield return Text($"  {change.LayerCycles,10}  {100.0 * (change.LayerCycles - Cycles) / Cycles,+6:+0.0;-0.0;0.0} %  {change.Change}");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Meaning(Semaphore semaphore) => semaphore switch
    {
        Semaphore.ActivationReady => "waiting for activations to be loaded",
        Semaphore.WeightReady => "waiting for weights to be loaded",
        Semaphore.AccumulatorFree => "waiting for the vector unit to empty the accumulators",
        Semaphore.Forwarded => "waiting for the layer before it to hand its output over on chip",
        _ => "waiting",
    };
}

/// <summary>Cycles of one kind.</summary>
/// <param name="Name">Name of the counter, as in the glossary.</param>
/// <param name="Cycles">Cycles.</param>
/// <param name="Meaning">What happens in them.</param>
public sealed record CyclePart(string Name, long Cycles, string Meaning);
