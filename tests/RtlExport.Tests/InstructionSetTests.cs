// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
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
        foreach (Instruction instruction in Schedule.Load.Select(InRuns).Concat<Instruction>(Schedule.Array).Concat(Schedule.Vector).Concat(Schedule.Store))
        {
            foreach ((string name, long value) in Set.Fields(instruction, 0))
            {
                if (Set.Formats[(int)instruction.Unit].Fields.Single(field => field.Name == name).Width == 0)
                {
                    continue;
                }

                long expected = instruction.GetType().GetProperty(name)!.GetValue(instruction) switch
                {
                    SemaphoreSet set => set.Mask,
                    bool flag => flag ? 1 : 0,
                    object number => Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture),
                    null => throw new InvalidOperationException(name),
                };
                bool ofALoop = name.EndsWith("Stride", StringComparison.Ordinal) || name.EndsWith("Pitch", StringComparison.Ordinal);
                Assert.True(value == expected || (value == 0 && ofALoop), $"{instruction}: {name}");
            }
        }
    }

    /// <summary>Offsets of sums of 9 bits: in two's complement, or plain where they are greater; a design without their hardware has no bits for them, and no others move.</summary>
    [Fact]
    public void Offsets_take_bits_in_designs_that_add_them_only()
    {
        AcceleratorSpec spec = OperandOffsetTests.Design(Dataflow.WeightStationary, ProcessingElementKind.Multiply, 2, 8);
        InstructionSet with = new(spec), without = new(spec with { Array = spec.Array with { OperandOffsets = null } });
        MatmulInstruction matmul = Schedule.Array[0] with { ActivationCodesSigned = true, ActivationOffset = -128, WeightCodesSigned = false, WeightOffset = 300 };
        Dictionary<string, long> fields = with.Fields(matmul, 0).ToDictionary(field => field.Name, field => field.Value);
        Assert.Equal((1, 512 - 128, 0, 300), (fields["ActivationCodesSigned"], fields["ActivationOffset"], fields["WeightCodesSigned"], fields["WeightOffset"]));
        Assert.Throws<InstructionEncodingException>(() => with.Encode(matmul with { ActivationOffset = -257 }, 0));
        Assert.Throws<InstructionEncodingException>(() => with.Encode(matmul with { WeightOffset = 512 }, 0));
        Assert.Throws<InstructionEncodingException>(() => without.Encode(matmul, 0));
        InstructionFormat array = without.Formats[(int)UnitKind.Array];
        Assert.Equal(with.Formats[(int)UnitKind.Array].Width - 20, array.Width);
        Assert.All(array.Fields.Where(field => field.Name.EndsWith("Offset", StringComparison.Ordinal) || field.Name.EndsWith("CodesSigned", StringComparison.Ordinal)), field => Assert.Equal(0, field.Width));
    }

    [Fact]
    public void Memory_words_of_a_load_into_elements_are_one_run()
    {
        foreach (LoadInstruction load in Schedule.Load)
        {
            Assert.Equal(Set.Encode(InRuns(load), 0), Set.Encode(load, 0));
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

    /// <summary>What a design does not have takes no bits, and an instruction that asks for it is refused.</summary>
    [Fact]
    public void A_feature_that_the_design_does_not_have_is_refused_and_takes_no_bits()
    {
        AcceleratorSpec full = Designs.Reference with
        {
            Array = Designs.Reference.Array with { ProcessingElement = ProcessingElementKind.BitSerial, ColumnFilter = true },
            Vector = new() { Elementwise = true, Lookup = true, ThresholdLevels = 3 },
            Buffers = Designs.Reference.Buffers with { Operand = new() { Size = 64, DoubleBuffered = true } },
        };
        var all = new InstructionSet(full);
        VectorInstruction vector = Schedule.Vector[0] with { PoolColumns = 2 };
        MatmulInstruction matmul = Schedule.Array[0];
        VectorInstruction[] vectors =
        [
            vector with { Source = VectorSource.Operand }, vector with { OperandSigned = true }, vector with { Combine = VectorCombine.Sum }, vector with { Post = true },
            vector with { Lookup = true }, vector with { Lookup = true, LookupAddress = 256 }, vector with { ParameterStride = 1 },
        ];
        foreach (Instruction instruction in vectors.Concat<Instruction>([matmul with { Interval = 4 }, matmul with { ColumnFilter = true }]))
        {
            all.Encode(instruction, 0);
            var exception = Assert.Throws<InstructionEncodingException>(() => Set.Encode(instruction, 3));
            Assert.Contains("the design does not have it", exception.Message, StringComparison.Ordinal);
        }

        Assert.Throws<InstructionEncodingException>(() => Set.Encode(matmul with { TableLines = 1 }, 0));
        Assert.Throws<InstructionEncodingException>(() => Set.Encode(Schedule.Load[0] with { Target = LoadTarget.Lookup }, 0));
        Assert.True(all.Formats[(int)UnitKind.Vector].Width > Set.Formats[(int)UnitKind.Vector].Width + 10);
    }

    [Fact]
    public void Fields_that_contradict_each_other_are_refused()
    {
        LoadInstruction weights = Schedule.Load.First(load => load.Target == LoadTarget.Weight);
        LoadInstruction activations = Schedule.Load.First(load => load.Target == LoadTarget.Activation) with { Run = 8, Beats = 0 };
        StoreInstruction store = Schedule.Store[0];
        Instruction[] broken =
        [
            weights with { Beats = 0 }, weights with { Run = 4 }, weights with { Fill = true }, weights with { Rows = 2 },
            activations with { Run = 0 }, activations with { Beats = 1 }, activations with { Target = LoadTarget.Operand },
            store with { FirstChannel = 1, Channels = 4 }, store with { Fill = true }, store with { Fill = true, Target = StoreTarget.Activation, ChannelPitch = 2 },
        ];
        foreach (Instruction instruction in broken)
        {
            Assert.Throws<InstructionEncodingException>(() => Set.Encode(instruction, 0));
        }

        Set.Encode(store with { Fill = true, Target = StoreTarget.Activation, Channels = 400 }, 0);
    }

    [Theory]
    [InlineData(-128, 0x80)]
    [InlineData(-1, 0xff)]
    [InlineData(255, 0xff)]
    public void A_fill_code_is_the_bits_of_an_element(int code, int bits)
    {
        LoadInstruction load = InRuns(Schedule.Load[0]) with { Target = LoadTarget.Activation, Run = 4, Beats = 0, Fill = true, FillCode = code };
        Assert.Equal(bits, Set.Fields(load, 0).Single(field => field.Name == "FillCode").Value);
        Assert.Throws<InstructionEncodingException>(() => Set.Encode(load with { FillCode = -129 }, 0));
        Assert.Throws<InstructionEncodingException>(() => Set.Encode(load with { FillCode = 256 }, 0));
    }

    [Fact]
    public void A_semaphore_without_a_wire_to_the_unit_is_refused()
    {
        LoadInstruction load = Schedule.Load[0] with { Waits = SemaphoreSet.None, Signals = SemaphoreSet.None };
        foreach (Semaphore semaphore in Enum.GetValues<Semaphore>())
        {
            bool signals = semaphore is Semaphore.ActivationReady or Semaphore.WeightReady or Semaphore.ParameterReady or Semaphore.OperandReady or Semaphore.LookupReady;
            bool waits = semaphore is Semaphore.Stored or Semaphore.ActivationFree or Semaphore.WeightFree or Semaphore.ParameterFree or Semaphore.OperandFree or Semaphore.LookupFree;
            AssertAccepted(signals, () => Set.Encode(load with { Signals = SemaphoreSet.None.With(semaphore) }, 0));
            AssertAccepted(waits, () => Set.Encode(load with { Waits = SemaphoreSet.None.With(semaphore) }, 0));
        }
    }

    private static LoadInstruction InRuns(LoadInstruction load) => load.IsElementwise && load.Beats > 0
        ? load with { MemoryAddress = 4 * load.MemoryAddress, Run = 4 * load.Beats, Beats = 0 }
        : load;

    private static void AssertAccepted(bool accepted, Action action)
    {
        Exception? exception = Record.Exception(action);
        Assert.Equal(accepted, exception is null);
        Assert.True(exception is null or InstructionEncodingException);
    }
}
