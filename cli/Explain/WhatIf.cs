// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace Cli.Explain;

/// <summary>One change of a design, and the cycles that it gives: of one layer, and of the inference.</summary>
/// <param name="Change">The change in words, with the keys of the accelerator file.</param>
/// <param name="Set">The keys of the accelerator file that the change sets, each with its new value.</param>
/// <param name="LayerCycles">Cycles of the layer after it.</param>
/// <param name="Cycles">Cycles of the inference after it.</param>
public sealed record WhatIf(string Change, IReadOnlyDictionary<string, object> Set, long LayerCycles, long Cycles)
{
    /// <summary>The changes that a design allows, each scheduled anew and timed; the one that helps the layer most comes first.</summary>
    public static IReadOnlyList<WhatIf> All(IntegerNetwork network, AcceleratorSpec accelerator, int networkLayer)
    {
        var results = new List<WhatIf>();
        foreach (DesignChange change in DesignChange.Of(accelerator))
        {
            AcceleratorSpec changed = change.Changed;
            if (!AcceleratorRules.Check(changed).IsEmpty || !HardwareFit.Check(network, changed).IsEmpty)
            {
                continue;
            }

            try
            {
                TimingResult timing = FastEngine.Totals(ScheduleOptimizer.Schedule(network, changed));
                long layerCycles = timing.Layers.Where(layer => layer.NetworkLayer == networkLayer).Sum(layer => layer.Cycles);
                results.Add(new(change.Description, change.Set, layerCycles, timing.Cycles));
            }
            catch (ScheduleException)
            {
                // A change that makes a buffer too small is none that helps.
                continue;
            }
        }

        return [.. results.OrderBy(result => result.LayerCycles).ThenBy(result => result.Cycles)];
    }
}
