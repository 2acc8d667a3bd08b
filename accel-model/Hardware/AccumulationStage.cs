// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// The adders below the array. In the cycle before sums leave, what they are added to is read; in the next cycle the deskewed sums are added to it. Sums are one word, column by column, or on an
/// input-stationary array one lane of the words of a block of pixels, whose first pixel is in the last column.
/// </summary>
public sealed class AccumulationStage(
    AcceleratorSpec spec,
    SystolicArray array,
    AccumulatorBuffer accumulators,
    SemaphoreFile semaphores,
    UnitLog log,
    TrafficLog traffic,
    OverflowLog overflows) : IStage, IClocked
{
    private readonly bool _isTransposed = spec.Array.Dataflow == Dataflow.InputStationary;
    private readonly Latch<SumTarget> _target = new();
    private readonly Latch<bool> _adds = new();

    /// <summary>The accumulator word that is written in this cycle, if any; the first of them on an input-stationary array.</summary>
    public int? WrittenWord => _adds.Current ? _target.Current.Address : null;

    /// <inheritdoc/>
    public void Evaluate()
    {
        if (array.IsLeaving(out SumTarget next))
        {
            _target.Send(next);
            _adds.Send(true);
            Read(next);
        }
        if (_adds.Current)
        {
            Add(_target.Current);
        }
    }

    /// <inheritdoc/>
    public void Advance()
    {
        _target.Advance();
        _adds.Advance();
    }

    /// <summary>Empties the stage.</summary>
    public void Reset()
    {
        _target.Reset();
        _adds.Reset();
    }

    private void Read(in SumTarget target)
    {
        if (!target.Accumulates)
        {
            return;
        }
        traffic.Count(target.Place.Layer, Access.AccumulatorRead);
        if (_isTransposed)
        {
            accumulators.ReadLaneForArray(target.Address, target.Words, target.Lane);
        }
        else
        {
            accumulators.ReadForArray(target.Address);
        }
    }

    private void Add(in SumTarget target)
    {
        traffic.Count(target.Place.Layer, Access.AccumulatorWrite);
        Span<long> sums = _isTransposed ? accumulators.WriteLane(target.Address, target.Words, target.Lane) : accumulators.Write(target.Address);
        for (int i = 0; i < sums.Length; i++)
        {
            long old = target.Accumulates ? accumulators.ArrayOutput[i] : 0;
            long sum = array.Sum(_isTransposed ? spec.Array.Columns - 1 - i : i);
            sums[i] = Overflow.Add(spec.Accumulator.Overflow, old, sum << target.DigitShift, spec.Accumulator.Width, out bool overflowed);
            if (overflowed)
            {
                overflows.Count(target.Place, _isTransposed ? i : 0, _isTransposed ? 0 : i, target.LastAddition, OverflowStage.Accumulator);
            }
        }
        if (target.IsLast)
        {
            semaphores.Signal(UnitKind.Array, target.Signals);
            log.Completed();
        }
    }
}
