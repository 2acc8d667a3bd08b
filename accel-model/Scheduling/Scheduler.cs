// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling.Emission;
using AccelModel.Scheduling.Search;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>
/// Lays a network onto a design: its layers become steps, <see cref="ScheduleSearch"/> (or whoever gives the choices) decides how each is cut, and the emitters write the
/// four programs.
/// </summary>
public static class Scheduler
{
    /// <summary>Makes the schedule of <paramref name="network"/> on <paramref name="accelerator"/> that estimates say is best for <paramref name="objective"/>, step by step: soon found, and the same for designs of equal <see cref="TimingKey"/>s.</summary>
    /// <exception cref="ScheduleException">A layer has no place on the design, or a buffer cannot hold the smallest band of a layer.</exception>
    public static Schedule Schedule(IntegerNetwork network, AcceleratorSpec accelerator, ScheduleObjective objective = ScheduleObjective.Latency) =>
        Search(network, accelerator, objective, null);

    /// <summary>The same, refined by exact measures of what the choices give, so that none of the objectives' results is better than this one in its measure.</summary>
    /// <param name="network">The network.</param>
    /// <param name="accelerator">The design.</param>
    /// <param name="objective">What is minimised.</param>
    /// <param name="measure">Measures a schedule, or that of a few steps: the scheduler knows no engine.</param>
    /// <exception cref="ScheduleException">As above.</exception>
    public static Schedule Schedule(IntegerNetwork network, AcceleratorSpec accelerator, ScheduleObjective objective, Func<Schedule, ScheduleMeasure> measure) =>
        Search(network, accelerator, objective, measure);

    /// <summary>Makes the schedule with given choices, one for each step in order.</summary>
    /// <exception cref="ScheduleException">A choice that its layer or the design does not allow; all of them.</exception>
    public static Schedule Schedule(IntegerNetwork network, AcceleratorSpec accelerator, IReadOnlyList<StepChoice> choices)
    {
        (ImmutableArray<Step> steps, IReadOnlyDictionary<string, TensorPlacement> placements) = StepPlanner.Plan(network, accelerator);
        List<ScheduleFinding> findings = ChoiceRules.Check(network, steps, placements, accelerator, choices);
        return findings.Count == 0 ? Emit(network, accelerator, steps, placements, choices, 0, steps.Length, accelerator.Mapping.ResidentWeights) : throw new ScheduleException(findings);
    }

    /// <summary>The steps of a network on a design, in the order of a schedule's choices.</summary>
    /// <exception cref="ScheduleException">A layer that the accelerator has no step for.</exception>
    public static ImmutableArray<StepOutline> Outline(IntegerNetwork network, AcceleratorSpec accelerator) =>
    [
        .. StepPlanner.Plan(network, accelerator).Steps.Select(step => new StepOutline(
            step.Name,
            [.. new[] { step.PoolLayer, step.LookupLayer }.OfType<int>().Select(layer => network.Layers[layer].Name)],
            step is MatrixStep,
            step.Output.Height,
            step is MatrixStep matrix ? matrix.OutputChannels : step.Output.Channels,
            step is MatrixStep reader ? reader.Input.Channels : step.Output.Channels)),
    ];

    private static Schedule Search(IntegerNetwork network, AcceleratorSpec accelerator, ScheduleObjective objective, Func<Schedule, ScheduleMeasure>? measure)
    {
        (ImmutableArray<Step> steps, IReadOnlyDictionary<string, TensorPlacement> placements) = StepPlanner.Plan(network, accelerator);
        Schedule Part(IReadOnlyList<StepChoice> choices, int first, int count, bool resident = false) => Emit(network, accelerator, steps, placements, choices, first, count, resident);
        var search = new ScheduleSearch(
            steps, new StepGraph(network, steps, placements), accelerator, measure is null ? null : (choices, first, count) => measure(Part(choices, first, count)));
        return Part(search.Run(objective), 0, steps.Length, accelerator.Mapping.ResidentWeights) with { Objective = objective };
    }

    /// <exception cref="ScheduleException">What is to lie in external memory has no addresses.</exception>
    private static Schedule Emit(
        IntegerNetwork network, AcceleratorSpec accelerator, ImmutableArray<Step> steps, IReadOnlyDictionary<string, TensorPlacement> placements, IReadOnlyList<StepChoice> choices,
        int first, int count, bool resident)
    {
        try
        {
            return EmitSteps(network, accelerator, steps, placements, choices, first, count, resident);
        }
        catch (OverflowException)
        {
            throw new ScheduleException([new("memory.bytes_per_cycle", network.Name, $"its tensors and constants need more external memory than has addresses, allowed {int.MaxValue} elements and words")]);
        }
    }

    /// <summary>The schedule of <paramref name="count"/> steps from <paramref name="first"/> on; what comes in from steps before them, or goes out to steps behind them, is in memory.</summary>
    private static Schedule EmitSteps(
        IntegerNetwork network, AcceleratorSpec accelerator, ImmutableArray<Step> steps, IReadOnlyDictionary<string, TensorPlacement> placements, IReadOnlyList<StepChoice> choices,
        int first, int count, bool resident)
    {
        int end = first + count;
        bool Forwards(int step) => step >= first && step < end - 1 && choices[step].Forward;
        var builder = new ScheduleBuilder(accelerator, placements, resident);
        var graph = new StepGraph(network, steps, placements);
        builder.AddRoot(IntegerNetwork.InputName, network.Input);
        builder.PerFrame.UnionWith([placements[IntegerNetwork.InputName].Root, placements[graph.OutputTensor].Root]);
        for (int i = 0; i < steps.Length; i++)
        {
            TensorPlacement place = placements[steps[i].OutputName];
            if (!builder.HasRoot(steps[i].OutputName) && !(Forwards(i) && graph.IsOnlyReadByNext(i)))
            {
                builder.AddRoot(place.Root, graph.TensorOf(place.Root));
            }
        }

        var layers = ImmutableArray.CreateBuilder<ScheduledLayer>(count);
        bool forwarded = false;
        for (int i = first; i < end; i++)
        {
            Step step = steps[i];
            FeatureMap? memory = builder.HasRoot(step.OutputName) ? builder.MapOf(step.OutputName, step.Output) : null;
            ForwardWindow? forward = Forwards(i) ? graph.ForwardWindowTo(i + 1, choices[i + 1], accelerator) : null;
            var output = new OutputPlace(step.OutputName, memory, forward);
            AccumulationPlan? plan = null;
            FeatureMap? input;
            if (step is MatrixStep matrix)
            {
                input = forwarded ? null : builder.MapOf(step.Inputs[0], matrix.Input);
                FeatureMap? second = matrix.Second is { } tensor ? builder.MapOf(step.Inputs[1], tensor) : null;
                plan = new MatrixEmitter(builder, new MatrixTiling(matrix, choices[i], accelerator), input, second, output).Emit();
            }
            else
            {
                ImmutableArray<FeatureMap> inputs = [.. step.Inputs.Select((name, j) => builder.MapOf(name, graph.InputAs(step, j)))];
                input = inputs[0];
                new ElementwiseEmitter(builder, new ElementwiseTiling(step, choices[i].RowsPerBand, choices[i].InputChannelsPerChunk, accelerator), inputs, output).Emit();
            }

            forwarded = forward is not null;
            if (network.Layers[step.NetworkLayer] is ConcatLayer or ChannelShuffleLayer)
            {
                // Copies of some parts complete the tensor, whose other parts are there already.
                Layer copied = network.Layers[step.NetworkLayer];
                memory = builder.MapOf(copied.Name, copied.Output);
                if (layers.Count > 0 && layers[^1].NetworkLayer == step.NetworkLayer)
                {
                    continue;
                }
            }

            layers.Add(new()
            {
                NetworkLayer = step.NetworkLayer,
                PoolLayer = step.PoolLayer,
                LookupLayer = step.LookupLayer,
                Plan = plan,
                Input = input ?? layers[^1].Output,
                InputOffset = (step as MatrixStep)?.InputOffset ?? 0,
                Output = memory ?? NoPlace(step.Output),
                IsForwarded = memory is null,
                Macs = step.Macs,
            });
        }

        List<ScheduleFinding> findings = [.. builder.Findings(network.Name)];
        if (findings.Count > 0)
        {
            throw new ScheduleException(findings);
        }

        ImmutableArray<int> initial = builder.CloseFrame();
        return new()
        {
            Accelerator = accelerator,
            Network = network,
            Choices = [.. choices],
            InitialSemaphores = initial,
            Load = [.. builder.Prologue, .. builder.Load.Build()],
            LoadPrologue = builder.Prologue.Count,
            Array = builder.Array.Build(),
            Vector = builder.Vector.Build(),
            Store = builder.Store.Build(),
            Layers = layers.ToImmutable(),
            Input = builder.MapOf(IntegerNetwork.InputName, network.Input),
            Output = builder.MapOf(graph.OutputTensor, network.Output),
            Memory = builder.Memory.Build(),
        };
    }

    private static FeatureMap NoPlace(TensorSpec tensor) => new()
    {
        Tensor = tensor, RegionAddress = 0, RegionWords = 0, Origin = 0, RowPitch = tensor.Width * tensor.Channels, PixelPitch = tensor.Channels,
    };
}
