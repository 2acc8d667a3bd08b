// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// The adders below the array. While a vector is in the array's last PE its accumulator word is read; in the next cycle the deskewed sums are added to it.
/// </summary>
public sealed class AccumulationStage(
    AcceleratorSpec spec,
    SystolicArray array,
    VectorsInFlight vectors,
    AccumulatorBuffer accumulators,
    SemaphoreFile semaphores,
    UnitLog log,
    TrafficLog traffic,
    OverflowLog overflows) : IStage, IClocked
{
    private readonly Latch<int> _vector = new();

    /// <summary>The accumulator word that is written in this cycle, if any.</summary>
    public int? WrittenWord => _vector.Current != 0 ? vectors[_vector.Current].AccumulatorAddress : null;

    /// <inheritdoc/>
    public void Evaluate()
    {
        if (array.LastPeVector is not 0 and int next)
        {
            ReadWord(next);
        }
        if (_vector.Current != 0)
        {
            Add(vectors[_vector.Current]);
        }
    }

    /// <inheritdoc/>
    public void Advance() => _vector.Advance();

    /// <summary>Empties the stage.</summary>
    public void Reset() => _vector.Reset();

    private void ReadWord(int vector)
    {
        _vector.Send(vector);
        ref readonly VectorTag tag = ref vectors[vector];
        if (tag.Accumulates)
        {
            traffic.Count(tag.Layer, Access.AccumulatorRead);
            accumulators.ReadForArray(tag.AccumulatorAddress);
        }
    }

    private void Add(in VectorTag tag)
    {
        traffic.Count(tag.Layer, Access.AccumulatorWrite);
        Span<long> word = accumulators.Write(tag.AccumulatorAddress);
        for (int column = 0; column < word.Length; column++)
        {
            long old = tag.Accumulates ? accumulators.ArrayOutput[column] : 0;
            word[column] = Overflow.Add(
                spec.Accumulator.Overflow, old, array.Sum(column) << tag.DigitShift, spec.Accumulator.Width, out bool overflowed);
            if (overflowed)
            {
                overflows.Count(tag, column, spec.Array.Rows - 1, OverflowStage.Accumulator);
            }
        }
        if (tag.IsLast)
        {
            semaphores.Signal(UnitKind.Array, tag.Signals);
            log.Completed(tag.Instruction);
        }
    }
}
