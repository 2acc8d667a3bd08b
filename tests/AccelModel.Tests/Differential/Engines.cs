// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Tests.Differential;

/// <summary>Runs one case through the reference interpreter, the register-accurate model and the fast engine and compares everything they report.</summary>
public static class Engines
{
    /// <summary>What differs first, in words; null if all agree.</summary>
    public static string? FirstDifference(RandomCase sample)
    {
        Schedule schedule = sample.Schedule;
        InterpreterResult reference = Reference(sample);
        (TimingResult ticked, ValueResult registers) = RegisterAccurateModel.Run(schedule, sample.Input, new() { KeepLayerOutputs = true });
        TimingResult timed = FastEngine.Time(schedule);

        if (Values("register-accurate model", registers, reference, schedule) is string difference)
        {
            return difference;
        }

        // Every width of vectors that this machine has, and the scalar fallback.
        foreach (InstructionSet instructions in InstructionSets.Supported)
        {
            ValueResult fast = FastEngine.Execute(
                schedule, sample.Input, sample.Images, new() { Threads = 1, KeepLayerOutputs = true, InstructionSet = instructions });
            if (Values($"fast engine ({instructions})", fast, reference, schedule) is string mismatch)
            {
                return mismatch;
            }
        }

        return Timing(ticked, timed);
    }

    /// <summary>The same for a run in which the case's images are frames that overlap: the codes of each frame are those of the image alone, all times and counters those of the fast engine.</summary>
    public static string? FirstDifferenceInFrames(RandomCase sample, int? shuffleSeed = null)
    {
        (TimingResult ticked, ValueResult registers) = RegisterAccurateModel.RunFrames(sample.Schedule, sample.Input, new() { KeepLayerOutputs = true, ShuffleSeed = shuffleSeed });
        return Values("register-accurate model", registers, Reference(sample), sample.Schedule) ?? Timing(ticked, FastEngine.Time(sample.Schedule, sample.Images));
    }

    /// <summary>What the case means.</summary>
    public static InterpreterResult Reference(RandomCase sample) => ReferenceInterpreter.Run(
        sample.Network, sample.Input, sample.Images, sample.Schedule.Plans);

    private static string? Values(string engine, ValueResult found, InterpreterResult reference, Schedule schedule)
    {
        for (int i = 0; i < schedule.Layers.Length; i++)
        {
            ScheduledLayer layer = schedule.Layers[i];
            string name = schedule.Network.Layers[layer.NetworkLayer].Name;
            int[] expected = reference.LayerOutputs[layer.OutputLayer];
            if (FirstMismatch(expected, found.LayerOutputs[i]) is string mismatch)
            {
                return $"{engine}: layer {name}: {mismatch}";
            }

            LayerOverflows overflows = reference.Overflows[layer.NetworkLayer];
            if (overflows != found.Overflows[i])
            {
                return $"{engine}: layer {name}: expected {overflows}, found {found.Overflows[i]}";
            }
        }

        return FirstMismatch(reference.LayerOutputs[^1], found.Output) is string output ? $"{engine}: output: {output}" : null;
    }

    private static string? FirstMismatch(int[] expected, int[] found)
    {
        if (expected.Length != found.Length)
        {
            return $"expected {expected.Length} codes, found {found.Length}";
        }

        int index = expected.AsSpan().CommonPrefixLength(found);
        return index == expected.Length ? null : $"code {index}: expected {expected[index]}, found {found[index]}";
    }

    private static string? Timing(TimingResult ticked, TimingResult timed)
    {
        for (int i = 0; i < Math.Min(ticked.Timeline.Length, timed.Timeline.Length); i++)
        {
            if (ticked.Timeline[i] != timed.Timeline[i])
            {
                return $"timeline: register-accurate {ticked.Timeline[i]}, fast {timed.Timeline[i]}";
            }
        }

        if (ticked.Timeline.Length != timed.Timeline.Length || ticked.Cycles != timed.Cycles)
        {
            return $"cycles: register-accurate {ticked.Cycles} ({ticked.Timeline.Length} instructions), fast {timed.Cycles} ({timed.Timeline.Length})";
        }

        for (int unit = 0; unit < ticked.Units.Length; unit++)
        {
            if (!ticked.Units[unit].Equals(timed.Units[unit]))
            {
                return $"{(UnitKind)unit} unit: register-accurate {Text(ticked.Units[unit])}, fast {Text(timed.Units[unit])}";
            }
        }

        for (int i = 0; i < ticked.Layers.Length; i++)
        {
            LayerTiming a = ticked.Layers[i], b = timed.Layers[i];
            if (a.NetworkLayer != b.NetworkLayer || a.Cycles != b.Cycles)
            {
                return $"layer {i}: register-accurate {a.Cycles} cycles, fast {b.Cycles}";
            }

            if (a.Traffic != b.Traffic)
            {
                return $"layer {i}: register-accurate {a.Traffic}, fast {b.Traffic}";
            }

            for (int unit = 0; unit < a.Units.Length; unit++)
            {
                if (!a.Units[unit].Equals(b.Units[unit]))
                {
                    return $"layer {i}, {(UnitKind)unit} unit: register-accurate {Text(a.Units[unit])}, fast {Text(b.Units[unit])}";
                }
            }
        }

        return null;
    }

    private static string Text(UnitCycles cycles) =>
        $"issue {cycles.Issue}, stall [{string.Join(' ', cycles.Stall)}], fill {cycles.Fill}, port wait {cycles.PortWait}, latency {cycles.Latency}, busy {cycles.Busy}, idle {cycles.Idle}";
}
