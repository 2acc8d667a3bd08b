// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;
using static AccelModel.Tests.Simulation.HandMadeSchedules;

namespace AccelModel.Tests.Simulation;

/// <summary>Each buffer's last address fits and the one behind it does not; and what a design lacks is refused.</summary>
public sealed class FastEngineRulesTests
{
    private static readonly AcceleratorSpec Plain = Accelerator(rows: 3, columns: 4);

    private static readonly AcceleratorSpec Full = Plain with
    {
        Array = Plain.Array with { ColumnFilter = true },
        Vector = new VectorSpec { Elementwise = true, Lookup = true },
        Buffers = Plain.Buffers with { Operand = new BufferSpec { Size = 1024, DoubleBuffered = true } },
    };

    private static LoadInstruction Runs => Load(0) with { Rows = 2, Columns = 3, Run = 5, MemoryRowPitch = 100, MemoryColumnPitch = -10, BufferRowPitch = -50, BufferColumnPitch = 7, MemoryAddress = 200, BufferAddress = 200 };

    public static TheoryData<string, Instruction, Instruction> Limits => new()
    {
        // Least and greatest addresses of Runs: 180 and 304 in memory, 150 and 218 in the buffer.
        { "addresses 4094..4096 of the external memory, in words", Load(3) with { MemoryAddress = 4093 }, Load(3) with { MemoryAddress = 4094 } },
        { "addresses 8176..8199 of the activation buffer", Load(3) with { BufferAddress = 8168 }, Load(3) with { BufferAddress = 8176 } },
        { "addresses 1022..1024 of the weight buffer", Load(3, LoadTarget.Weight) with { BufferAddress = 1021 }, Load(3, LoadTarget.Weight) with { BufferAddress = 1022 } },
        { "addresses 256..256 of the parameter buffer", Load(1, LoadTarget.Parameter) with { BufferAddress = 255 }, Load(1, LoadTarget.Parameter) with { BufferAddress = 256 } },
        { "addresses 1016..1031 of the operand buffer", Load(2, LoadTarget.Operand) with { BufferAddress = 1008 }, Load(2, LoadTarget.Operand) with { BufferAddress = 1016 } },
        { "addresses 264..519 of the lookup memory", Load(32, LoadTarget.Lookup) with { BufferAddress = 256 }, Load(32, LoadTarget.Lookup) with { BufferAddress = 264 } },
        { "addresses -1..123 of the external memory, in elements", Runs with { MemoryAddress = 20 }, Runs with { MemoryAddress = 19 } },
        { "addresses 32644..32768 of the external memory, in elements", Runs with { MemoryAddress = 32663 }, Runs with { MemoryAddress = 32664 } },
        { "addresses -1..67 of the activation buffer", Runs with { BufferAddress = 50 }, Runs with { BufferAddress = 49 } },
        { "addresses 8124..8192 of the activation buffer", Runs with { BufferAddress = 8173 }, Runs with { BufferAddress = 8174 } },
        { "addresses 956..1024 of the operand buffer", Runs with { Target = LoadTarget.Operand, BufferAddress = 1005 }, Runs with { Target = LoadTarget.Operand, BufferAddress = 1006 } },
        { "addresses 8124..8192 of the activation buffer", Runs with { Fill = true, MemoryAddress = -9, BufferAddress = 8173 }, Runs with { Fill = true, MemoryAddress = -9, BufferAddress = 8174 } },

        // Five vectors of two tiles of three elements, of the last of which one or two take part.
        { "addresses 8185..8192 of the activation buffer", Matmul(5, 2) with { ActivationAddress = 8184 }, Matmul(5, 2) with { ActivationAddress = 8185 } },
        { "addresses 8184..8192 of the activation buffer", Matmul(5, 2) with { ActivationAddress = 8183, LastTileElements = 2 }, Matmul(5, 2) with { ActivationAddress = 8184, LastTileElements = 2 } },
        { "addresses -1..3 of the activation buffer", Matmul(5, 1) with { ColumnStride = -1, ActivationAddress = 4 }, Matmul(5, 1) with { ColumnStride = -1, ActivationAddress = 3 } },
        { "addresses 8185..8192 of the activation buffer", Filter with { ActivationAddress = 8184 }, Filter with { ActivationAddress = 8185 } },
        { "addresses 1019..1024 of the weight buffer", Matmul(1, 2) with { WeightAddress = 1018 }, Matmul(1, 2) with { WeightAddress = 1019 } },
        { "addresses 1020..1024 of the accumulator buffer", Matmul(5, 1) with { AccumulatorAddress = 1019 }, Matmul(5, 1) with { AccumulatorAddress = 1020 } },

        { "addresses 1019..1024 of the accumulator buffer", Words with { SourceAddress = 1018 }, Words with { SourceAddress = 1019 } },
        { "addresses 1019..1024 of the operand buffer", Words with { Source = VectorSource.Operand, SourceAddress = 1018 }, Words with { Source = VectorSource.Operand, SourceAddress = 1019 } },
        { "addresses 255..256 of the parameter buffer", Words with { PoolColumns = 2, ParameterStride = 1, ParameterAddress = 254 }, Words with { PoolColumns = 2, ParameterStride = 1, ParameterAddress = 255 } },
        { "addresses 1019..1024 of the output buffer", Words with { OutputAddress = 1018 }, Words with { OutputAddress = 1019 } },
        { "addresses 257..512 of the lookup memory", Words with { Lookup = true, LookupAddress = 256 }, Words with { Lookup = true, LookupAddress = 257 } },

        { "addresses 1019..1024 of the output buffer", Pixels with { OutputAddress = 1018 }, Pixels with { OutputAddress = 1019 } },
        { "addresses 1..4 of the output word", Pixels with { FirstChannel = 0, Channels = 4 }, Pixels with { FirstChannel = 1, Channels = 4 } },
        { "addresses 32756..32768 of the external memory, in elements", Pixels with { MemoryAddress = 32755 }, Pixels with { MemoryAddress = 32756 } },
        { "addresses 32747..32768 of the external memory, in elements", Pixels with { ChannelPitch = 10, MemoryAddress = 32746 }, Pixels with { ChannelPitch = 10, MemoryAddress = 32747 } },
        { "addresses 8180..8192 of the activation buffer", Pixels with { Target = StoreTarget.Activation, MemoryAddress = 8179 }, Pixels with { Target = StoreTarget.Activation, MemoryAddress = 8180 } },
    };

    private static MatmulInstruction Filter => Matmul(5, 1) with { ColumnFilter = true, Channels = 4 };

    private static VectorInstruction Words => Vector(1, 6);

    private static StoreInstruction Pixels => Store(2, 3, 2, rowPitch: 5, pixelPitch: 3);

    [Theory, MemberData(nameof(Limits))]
    public void The_last_address_is_allowed_and_the_next_is_not(string found, Instruction last, Instruction beyond)
    {
        FastEngine.Time(Schedule(Full, last));
        InvalidScheduleException error = Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(Schedule(Full, beyond)));
        Assert.StartsWith($"{beyond.Unit} instruction 1: {found}, expected 0..", error.Message, StringComparison.Ordinal);
        Assert.Equal((beyond.Unit, 1), (error.Unit, error.Instruction));
    }

    public static TheoryData<string, Instruction> Refusals => new()
    {
        { "an extent of 0, expected at least 1", Load(0) },
        { "an extent of -2, expected at least 1", Runs with { Columns = -2 } },
        { "both memory words and runs, expected one of them", Runs with { Beats = 1 } },
        { "runs or a fill of lines, expected whole memory words", Runs with { Target = LoadTarget.Weight } },
        { "operands, expected only with vector.elementwise", Runs with { Target = LoadTarget.Operand } },
        { "a lookup table, expected only with vector.lookup", Load(32, LoadTarget.Lookup) },
        { "an extent of 0, expected at least 1", Matmul(0, 1) },
        { "an extent of 0, expected at least 1", Matmul(1, 1) with { Digits = 0 } },
        { "an extent of 0, expected at least 1", Matmul(1, 1) with { Interval = 0 } },
        { "digits of a signed or bit-serial operand, expected 1", Matmul(1, 1) with { Digits = 2, ActivationSigned = true } },
        { "an interval that the PEs do not have, expected 1, or the bits of a bit-serial operand", Matmul(1, 1) with { Interval = 2 } },
        { "a table that is not the codebook's, expected its lines, or 0 on other PEs", Matmul(1, 1) with { TableLines = 1 } },
        { "a last tile of other elements, expected those of a vector, or the taps of a filter", Matmul(1, 1) with { LastTileElements = 4 } },
        { "a column filter, expected only with array.column_filter", Matmul(1, 1) with { ColumnFilter = true } },
        { "an extent of 0, expected at least 1", Vector(1, 0) },
        { "operands, a sum, a product or a second requantisation, expected only with vector.elementwise", Vector(1, 1) with { Post = true } },
        { "operands, a sum, a product or a second requantisation, expected only with vector.elementwise", Vector(1, 1) with { Combine = VectorCombine.Sum } },
        { "operands, a sum, a product or a second requantisation, expected only with vector.elementwise", Vector(1, 1) with { Source = VectorSource.Operand } },
        { "a lookup, expected only with vector.lookup", Vector(1, 1) with { Lookup = true } },
        { "an extent of 0, expected at least 1", Store(1, 1, 0) },
        { "a fill of external memory or of channels apart, expected one of pixels in the activation buffer", Store(1, 1, 1) with { Fill = true } },
        { "a fill of external memory or of channels apart, expected one of pixels in the activation buffer", Store(1, 1, 1) with { Fill = true, Target = StoreTarget.Activation, ChannelPitch = 2 } },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void What_the_design_lacks_is_refused(string problem, Instruction instruction)
    {
        InvalidScheduleException error = Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(Of(
            Plain,
            load: instruction is LoadInstruction load ? [load] : null,
            array: instruction is MatmulInstruction matmul ? [matmul] : null,
            vector: instruction is VectorInstruction vector ? [vector] : null,
            store: instruction is StoreInstruction store ? [store] : null)));
        Assert.Equal($"{instruction.Unit} instruction 0: {problem}", error.Message);
    }

    [Fact]
    public void Of_what_is_wrong_the_first_in_program_order_is_said_whenever_it_would_run()
    {
        // The load waits for a signal that nothing gives; the store breaks a rule at once, the array's second instruction would never run.
        Schedule schedule = Of(
            Plain,
            load: [Load(1, waits: Set(Semaphore.ActivationFree))],
            array: [Matmul(1, 1) with { Waits = Set(Semaphore.ActivationReady) }, Matmul(0, 1)],
            store: [Store(1, 1, 0)]);
        InvalidScheduleException error = Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule));
        Assert.Equal("Array instruction 1: an extent of 0, expected at least 1", error.Message);
    }

    [Fact]
    public void A_filter_has_one_segment_for_each_row_of_its_kernel() => Refuse(
        Full, Matmul(1, 2) with { ColumnFilter = true }, "a column filter of several segments a kernel row, expected one");

    [Fact]
    public void A_table_lies_at_the_first_entry_of_a_memory_word() => Refuse(
        Full, Load(32, LoadTarget.Lookup) with { BufferAddress = 4 }, "a lookup entry inside a memory word, expected the first of one");

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void An_interval_is_that_of_a_bit_serial_operand(int interval, bool allowed)
    {
        AcceleratorSpec serial = Plain with { Array = Plain.Array with { ProcessingElement = ProcessingElementKind.BitSerial } };
        MatmulInstruction matmul = Matmul(2, 3) with { Interval = interval };
        if (allowed)
        {
            FastEngine.Time(Of(serial, array: [matmul]));
            Refuse(serial, matmul with { Digits = 2 }, "digits of a signed or bit-serial operand, expected 1");
        }
        else
        {
            Refuse(serial, matmul, "an interval that the PEs do not have, expected 1, or the bits of a bit-serial operand");
        }
    }

    /// <summary>17 channels on 4 columns are 5 tiles of 5 words, and 17 lines a segment; 3 pixels of 3 elements lie in the activation buffer.</summary>
    [Fact]
    public void An_input_stationary_array_takes_lines_and_words_for_all_channels()
    {
        AcceleratorSpec stationary = Plain with { Array = Plain.Array with { Dataflow = Dataflow.InputStationary } };
        MatmulInstruction matmul = Matmul(5, 2) with { Channels = 17 };
        FastEngine.Time(Of(stationary, array: [matmul with { AccumulatorAddress = 1024 - 25, WeightAddress = 1024 - 34 }]));
        Refuse(stationary, matmul with { AccumulatorAddress = 1024 - 24 }, "addresses 1000..1024 of the accumulator buffer, expected 0..1023");
        Refuse(stationary, matmul with { WeightAddress = 1024 - 33 }, "addresses 991..1024 of the weight buffer, expected 0..1023");
        Refuse(stationary, matmul with { Channels = 0 }, "an extent of 0, expected at least 1");
    }

    /// <summary>16 values of 8 bits in lines of 4 weights of 4 bits: 8 lines.</summary>
    [Fact]
    public void A_codebook_is_read_with_each_instruction()
    {
        AcceleratorSpec codebook = Plain with { Array = Plain.Array with { ProcessingElement = ProcessingElementKind.Codebook, WeightWidth = 4, CodebookValueWidth = 8 } };
        MatmulInstruction matmul = Matmul(1, 2) with { TableLines = 8 };
        FastEngine.Time(Of(codebook, array: [matmul with { WeightAddress = 1024 - 14 }]));
        Refuse(codebook, matmul with { WeightAddress = 1024 - 13 }, "addresses 1011..1024 of the weight buffer, expected 0..1023");
        Refuse(codebook, matmul with { TableLines = 7 }, "a table that is not the codebook's, expected its lines, or 0 on other PEs");
    }

    private static void Refuse(AcceleratorSpec accelerator, Instruction instruction, string problem)
    {
        InvalidScheduleException error = Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(Of(
            accelerator, load: instruction is LoadInstruction load ? [load] : null, array: instruction is MatmulInstruction matmul ? [matmul] : null)));
        Assert.Equal($"{instruction.Unit} instruction 0: {problem}", error.Message);
    }

    /// <summary>A first instruction that is sound, so that the second one's index is seen.</summary>
    private static Schedule Schedule(AcceleratorSpec accelerator, Instruction instruction) => Of(
        accelerator,
        load: instruction is LoadInstruction load ? [Load(1), load] : null,
        array: instruction is MatmulInstruction matmul ? [matmul with { ActivationAddress = 8, WeightAddress = 0, AccumulatorAddress = 0 }, matmul] : null,
        vector: instruction is VectorInstruction vector ? [Vector(1, 1), vector] : null,
        store: instruction is StoreInstruction store ? [Store(1, 1, 1), store] : null);
}
