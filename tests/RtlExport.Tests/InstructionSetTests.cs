// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using RtlExport.Parameters;
using RtlExport.Tests.Support;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Tests;

/// <summary>Do instruction words hold what the instructions say, and refuse what they cannot hold?</summary>
public sealed class InstructionSetTests
{
    private static readonly InstructionSet Set = new(Designs.Reference);
    private static readonly Schedule Schedule = Sample.Of(Designs.Reference, Sample.ConvNetwork(RoundingMode.HalfUp)).Schedule;

    [Fact]
    public void Fields_lie_side_by_side_from_bit_zero()
    {
        foreach (InstructionFormat format in Set.Formats)
        {
            int next = 0;
            foreach (InstructionField field in format.Fields)
            {
                Assert.Equal(next, field.Lsb);
                next += field.Width;
            }

            Assert.Equal(next, format.Width);
            Assert.True(format.Words <= 16, "the host's address has four bits for the word");
        }
    }

    /// <summary>Every field of every instruction of a schedule, by the name of the property; strides only where a loop uses them.</summary>
    [Fact]
    public void Words_hold_the_values_of_the_properties()
    {
        foreach (Instruction instruction in Schedule.Load.Concat<Instruction>(Schedule.Array).Concat(Schedule.Vector).Concat(Schedule.Store))
        {
            foreach ((string name, long value) in Set.Fields(instruction, 0))
            {
                long expected = instruction.GetType().GetProperty(name)!.GetValue(instruction) switch
                {
                    SemaphoreSet set => set.Mask,
                    bool flag => flag ? 1 : 0,
                    LoadTarget target => (int)target,
                    object number => (int)number,
                    null => throw new InvalidOperationException(name),
                };
                Assert.True(value == expected || (value == 0 && name.EndsWith("Stride", StringComparison.Ordinal)), $"{instruction}: {name}");
            }
        }
    }

    [Fact]
    public void A_value_that_does_not_fit_its_field_is_refused_with_unit_index_and_field()
    {
        MatmulInstruction matmul = Schedule.Array[0];
        var exception = Assert.Throws<InstructionEncodingException>(() => Set.Encode(matmul with { WeightAddress = 128 }, 7));
        Assert.Equal("array instruction 7: WeightAddress is 128, its field holds 0..127", exception.Message);
        Assert.Throws<InstructionEncodingException>(() => Set.Encode(matmul with { Rows = 1 << 16 }, 0));
        Assert.Throws<InstructionEncodingException>(() => Set.Encode(matmul with { Tiles = 0 }, 0));
        Assert.Throws<InstructionEncodingException>(() => Set.Encode(Schedule.Load[0] with { MemoryAddress = -1 }, 0));
        Assert.Throws<InstructionEncodingException>(() => Set.Encode(Schedule.Store[0] with { Channels = 0 }, 0));
    }

    [Fact]
    public void A_stride_that_no_loop_uses_need_not_fit()
    {
        MatmulInstruction one = Schedule.Array[0] with { Rows = 1, RowStride = 1 << 20 };
        Assert.Equal(Set.Encode(one with { RowStride = 0 }, 0), Set.Encode(one, 0));
        Assert.Throws<InstructionEncodingException>(() => Set.Encode(one with { Rows = 2 }, 0));
    }

    [Fact]
    public void A_semaphore_without_a_wire_to_the_unit_is_refused()
    {
        LoadInstruction load = Schedule.Load[0] with { Waits = SemaphoreSet.None, Signals = SemaphoreSet.None };
        foreach (Semaphore semaphore in Enum.GetValues<Semaphore>())
        {
            bool signals = semaphore is Semaphore.ActivationReady or Semaphore.WeightReady or Semaphore.ParameterReady;
            bool waits = semaphore is Semaphore.Stored or Semaphore.ActivationFree or Semaphore.WeightFree or Semaphore.ParameterFree;
            AssertAccepted(signals, () => Set.Encode(load with { Signals = SemaphoreSet.None.With(semaphore) }, 0));
            AssertAccepted(waits, () => Set.Encode(load with { Waits = SemaphoreSet.None.With(semaphore) }, 0));
        }
    }

    private static void AssertAccepted(bool accepted, Action action)
    {
        Exception? exception = Record.Exception(action);
        Assert.Equal(accepted, exception is null);
        Assert.True(exception is null or InstructionEncodingException);
    }
}
