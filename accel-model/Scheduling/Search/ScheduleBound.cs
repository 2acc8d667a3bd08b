// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>
/// What no schedule of a network on a design can go below, in each measure. Cycles by three resources that each do one thing at a time: the array, the memory port, the vector unit;
/// and by the longest path through the steps, each of which ends after what it reads. How far a schedule is from the bound says how far from optimal it can be, at most.
/// </summary>
/// <param name="Array">Least cycles of the array unit: every segment once, with all its vectors, and never faster than its stationary tile can enter.</param>
/// <param name="Port">
/// Least cycles of the memory port: constants once, the network's input and output once, every tensor that cannot stay on chip out and in, with the latency of bursts; what stays on
/// chip passes it, too.
/// </param>
/// <param name="Vector">Least cycles of the vector unit.</param>
/// <param name="Path">Least cycles of the longest chain of work that waits for other work (<see cref="StepPaths"/>).</param>
/// <param name="TrafficBytes">Least bytes between the chip and external memory.</param>
/// <param name="EnergyPicojoules">Energy (<see cref="EnergyModel"/>) of the products and of the least accesses to each memory.</param>
public sealed record ScheduleBound(long Array, long Port, long Vector, long Path, long TrafficBytes, long EnergyPicojoules)
{
    /// <summary>The bound of the latency.</summary>
    public long Cycles => Math.Max(Math.Max(Array, Path), Math.Max(Port, Vector));

    /// <summary>The bound in the measure of an objective: cycles, bytes or picojoules.</summary>
    public long In(ScheduleObjective objective) => objective switch
    {
        ScheduleObjective.Traffic => TrafficBytes,
        ScheduleObjective.Energy => EnergyPicojoules,
        _ => Cycles,
    };

    /// <summary>The bound of a network on a design.</summary>
    /// <exception cref="ScheduleException">A layer that the accelerator has no step for.</exception>
    public static ScheduleBound Of(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        (ImmutableArray<Step> steps, IReadOnlyDictionary<string, TensorPlacement> placements) = StepPlanner.Plan(network, accelerator);
        var graph = new StepGraph(network, steps, placements);
        bool[] forwarded = [.. steps.Select((_, i) => graph.MayForward(i, accelerator))];
        var paths = new StepPaths(placements, accelerator);
        long array = 0, vector = 0, bytes = 0, onChip = 0, energy = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            Step step = steps[i];
            var travel = new StepTravel(
                i > 0 && forwarded[i - 1], forwarded[i], !(forwarded[i] && graph.IsOnlyReadByNext(i)), placements[step.OutputName].ShuffleGroups != 1);
            LeastWork least = LeastWork.Of(step, travel, accelerator);
            paths.Add(step, least);
            array += least.ArrayCycles;
            vector += least.VectorCycles;
            onChip += least.ForwardBeats;
            bytes += least.Traffic.LoadBytes + least.Traffic.StoreBytes;
            energy += EnergyModel.Picojoules(accelerator, step.Macs, step is MatrixStep matrix ? MatrixTiling.PassesOf(matrix, accelerator) : OperandPasses.One, least.Traffic);
        }

        return new(array, accelerator.Memory.LeastCycles(bytes) + onChip, vector, paths.Cycles, bytes, energy);
    }
}
