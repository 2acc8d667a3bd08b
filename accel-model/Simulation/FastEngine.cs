// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;
using AccelModel.Simulation.Values;

namespace AccelModel.Simulation;

/// <summary>
/// Cycles and values of a schedule without ticking: time from closed formulas per instruction, values from exact integer matrix products, with the same result as
/// the register-accurate model on every cycle, bit and overflow.
/// </summary>
public static class FastEngine
{
    /// <summary>The timeline and all counters of one inference. Time never depends on data.</summary>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public static TimingResult Time(Schedule schedule) => Time(schedule, 1);

    /// <summary>The timeline and all counters of a run of several frames, the next one's loads starting while the last one's work ends.</summary>
    /// <exception cref="ArgumentException">No number of frames.</exception>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, an instruction breaks the contract, or the programs cannot run again.</exception>
    public static TimingResult Time(Schedule schedule, int frames)
    {
        FrameRules.Check(schedule, frames);
        return Ruled(schedule, () => new FastEngineTimeline(schedule, frames).Run());
    }

    /// <summary>One inference as in <see cref="Time(Schedule)"/>, with the counters of every single instruction.</summary>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public static TimingResult Account(Schedule schedule)
    {
        FrameRules.Check(schedule, 1);
        return Ruled(schedule, () => new FastEngineTimeline(schedule, keepsCycles: true).Run());
    }

    /// <summary>All counters of one inference as in <see cref="Time(Schedule)"/>, but an empty timeline: for searches and sweeps, which look at sums alone.</summary>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public static TimingResult Totals(Schedule schedule)
    {
        FrameRules.Check(schedule, 1);
        return Ruled(schedule, () => new FastEngineTimeline(schedule, keepsEvents: false).Run());
    }

    /// <summary>When frames that follow each other without end are done.</summary>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, an instruction breaks the contract, or the programs cannot run again.</exception>
    public static FrameTiming SteadyState(Schedule schedule)
    {
        FrameRules.Check(schedule, 2);
        return Ruled(schedule, () => new FastEngineTimeline(schedule, FrameRules.MostTransientFrames, keepsEvents: false).RunToSteadyState());
    }

    /// <summary>
    /// A timeline holds each instruction against the rules when it comes to it. Where something is wrong, all instructions are looked at, so that what is said is the first in
    /// program order, and a broken rule before a missing signal.
    /// </summary>
    private static T Ruled<T>(Schedule schedule, Func<T> timeline)
    {
        try
        {
            return timeline();
        }
        catch (InvalidScheduleException)
        {
            FastEngineRules.CheckAll(schedule);
            throw;
        }
    }

    /// <summary>The codes that come out for a batch of images, and every overflow of every layer.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="input">Codes, image after image, each in rows, columns, channels order.</param>
    /// <param name="images">Images in <paramref name="input"/>.</param>
    /// <param name="options">How the work is done; two threads and the machine's best instructions unless given.</param>
    /// <returns>Overflows and, where asked for, codes of every scheduled layer.</returns>
    /// <exception cref="ArgumentException">The input has the wrong length, or a code outside its format; or an option asks for what this machine has not.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ValueResult Execute(Schedule schedule, ReadOnlyMemory<int> input, int images, ExecutionOptions? options = null)
    {
        ImmutableArray<int> layers = [.. schedule.Layers.Select(layer => layer.NetworkLayer)];
        ImmutableArray<int> outputs = [.. schedule.Layers.Select(layer => layer.OutputLayer)];
        return Execute(schedule.Network, schedule.Plans, layers, outputs, input, images, options ?? new ExecutionOptions());
    }

    /// <summary>The codes that come out of a network without a schedule, and every overflow of every layer: what an accelerator that follows these plans computes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="plans">Plans by index in <see cref="IntegerNetwork.Layers"/>; a matrix layer without one accumulates exactly.</param>
    /// <param name="input">Codes, image after image, each in rows, columns, channels order.</param>
    /// <param name="images">Images in <paramref name="input"/>.</param>
    /// <param name="options">How the work is done; two threads and the machine's best instructions unless given.</param>
    /// <returns>Overflows and, where asked for, codes of every layer of the network.</returns>
    /// <exception cref="ArgumentException">
    /// The network is not well-formed, a plan is not one of its layer or of a layer that takes none, or is missing where rounding is stochastic; the input has the wrong
    /// length, or a code outside its format; or an option asks for what this machine has not.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ValueResult Execute(
        IntegerNetwork network, IReadOnlyDictionary<int, AccumulationPlan> plans, ReadOnlyMemory<int> input, int images, ExecutionOptions? options = null)
    {
        NetworkValidator.ThrowIfInvalid(network);
        ImmutableArray<int> all = [.. Enumerable.Range(0, network.Layers.Length)];
        return Execute(network, plans, all, all, input, images, options ?? new ExecutionOptions());
    }

    /// <param name="network">The network.</param>
    /// <param name="plans">Plans by layer.</param>
    /// <param name="layers">Layers whose overflows are reported.</param>
    /// <param name="outputs">Layers whose codes are, one for each of them.</param>
    /// <param name="input">Codes.</param>
    /// <param name="images">Images.</param>
    /// <param name="options">How the work is done.</param>
    private static ValueResult Execute(
        IntegerNetwork network,
        IReadOnlyDictionary<int, AccumulationPlan> plans,
        ImmutableArray<int> layers,
        ImmutableArray<int> outputs,
        ReadOnlyMemory<int> input,
        int images,
        ExecutionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        if (!InstructionSets.IsSupported(options.InstructionSet))
        {
            throw new ArgumentException($"this machine does not have the instruction set {options.InstructionSet}", nameof(options));
        }
        int last = network.Layers.Length - 1;
        HashSet<int> kept = options.KeepLayerOutputs ? [.. outputs, last] : [last];
        ValueProgram program = new(network, plans, kept, options.InstructionSet);
        (Dictionary<int, int[]> codes, Dictionary<int, LayerOverflows> overflows) = new BatchExecution(network, program, images, options).Run(input);
        return new ValueResult
        {
            Images = images,
            Output = codes[last],
            Overflows = [.. layers.Select(layer => overflows.GetValueOrDefault(layer, LayerOverflows.None))],
            LayerOutputs = options.KeepLayerOutputs ? [.. outputs.Select(layer => codes[layer])] : [],
        };
    }
}
