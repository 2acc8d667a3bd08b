// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling.Steps;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>
/// The earliest ends of the units' work for each step. Every unit runs its program in the order of the steps, so what it does for a step ends no earlier than what it did before plus the least
/// that it has to do; and what reads a tensor ends after the tensor's last words have been written:
/// <list type="bullet">
/// <item>load: after the stores of what it reads (whose last store writes the last row), and its own beats and latencies,</item>
/// <item>array: after the loads and forwarded stores that it uses, and its own cycles,</item>
/// <item>vector unit: after the array and all loads of the step, and its own words,</item>
/// <item>store: after the vector unit, and its own beats.</item>
/// </list>
/// </summary>
internal sealed class StepPaths(IReadOnlyDictionary<string, TensorPlacement> placements, AcceleratorSpec accelerator)
{
    private readonly Dictionary<string, long> _stored = [];
    private long _load;
    private long _array;
    private long _vector;
    private long _store;

    /// <summary>The end of the last store.</summary>
    public long Cycles => _store;

    /// <summary>Adds the next step.</summary>
    public void Add(Step step, LeastWork least)
    {
        Simulation.Traffic traffic = least.Traffic;
        long inputs = least.ReadsLastRow ? step.Inputs.Max(input => _stored.GetValueOrDefault(placements[input].Root)) : 0;
        long used = _load + accelerator.Memory.LeastCycles(traffic.ActivationLoadBytes + traffic.OperandLoadBytes + traffic.WeightLoadBytes);
        _load += accelerator.Memory.LeastCycles(traffic.LoadBytes);
        if (step is MatrixStep)
        {
            _array = Max(_array + least.ArrayCycles, used, inputs);
            _load = traffic.ActivationLoadBytes > 0 ? Math.Max(_load, inputs) : _load;
        }
        else
        {
            _load = Math.Max(_load, inputs);
        }

        _vector = Max(_vector + least.VectorCycles, _load, step is MatrixStep ? _array : 0);
        _store = Math.Max(_store + least.ForwardBeats + accelerator.Memory.LeastCycles(traffic.StoreBytes), _vector);
        _stored[placements[step.OutputName].Root] = _store;
    }

    private static long Max(long a, long b, long c) => Math.Max(a, Math.Max(b, c));
}
