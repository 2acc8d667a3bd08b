// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Fields of a matmul that the array of the design has nothing for are refused, with the instruction's number.</summary>
public sealed class MatmulRulesTests
{
    [Theory]
    [InlineData(ProcessingElementKind.Multiply)]
    [InlineData(ProcessingElementKind.BitSerial)]
    public void Only_serial_products_take_several_cycles_and_no_digits(ProcessingElementKind kind)
    {
        AcceleratorSpec spec = On(Dataflow.WeightStationary, kind);
        bool isSerial = kind == ProcessingElementKind.BitSerial;
        Check(spec, Matmul() with { Interval = 8 }, isSerial);
        Check(spec, Matmul() with { Interval = 9 }, false);
        Check(spec, Matmul() with { Interval = 0 }, false);
        Check(spec, Matmul() with { ActivationSigned = false, Digits = 2 }, !isSerial);
        Check(spec, Matmul() with { Digits = 2 }, false);
    }

    [Fact]
    public void A_codebook_has_the_lines_of_the_design()
    {
        // Sixteen values of 5 bits in lines of 2 columns of 4 bits: ten lines.
        AcceleratorSpec spec = On(Dataflow.WeightStationary, ProcessingElementKind.Codebook);
        spec = spec with { Array = spec.Array with { WeightWidth = 4, CodebookValueWidth = 5 } };
        Check(spec, Matmul() with { TableLines = 10 }, true);
        Check(spec, Matmul() with { TableLines = 9 }, false);
        Check(spec, Matmul(), false);
        Check(On(Dataflow.WeightStationary, ProcessingElementKind.Multiply), Matmul() with { TableLines = 1 }, false);
    }

    [Fact]
    public void A_mask_is_within_a_vector()
    {
        AcceleratorSpec spec = On(Dataflow.WeightStationary, ProcessingElementKind.Multiply);
        Check(spec, Matmul() with { LastTileElements = 3 }, true);
        Check(spec, Matmul() with { LastTileElements = 4 }, false);
        Check(spec, Matmul() with { LastTileElements = -1 }, false);
    }

    [Fact]
    public void Channels_stream_on_an_input_stationary_array_and_are_columns_elsewhere()
    {
        AcceleratorSpec weights = On(Dataflow.WeightStationary, ProcessingElementKind.Multiply), inputs = On(Dataflow.InputStationary, ProcessingElementKind.Multiply);
        Check(weights, Matmul() with { Channels = 2 }, true);
        Check(weights, Matmul() with { Channels = 3 }, false);
        Check(inputs, Matmul() with { Channels = 3 }, true);
        Check(inputs, Matmul() with { Channels = 0 }, false);
    }

    [Fact]
    public void A_column_filter_needs_a_design_that_has_one()
    {
        AcceleratorSpec none = On(Dataflow.WeightStationary, ProcessingElementKind.Multiply);
        AcceleratorSpec spec = none with { Array = none.Array with { ColumnFilter = true } };
        MatmulInstruction filter = Matmul() with { ColumnFilter = true };
        Check(spec, filter, true);
        Check(none, filter, false);
        Check(spec, filter with { Tiles = 2 }, false);
        Check(spec, filter with { KernelColumns = 2 }, false);
        Check(spec with { Array = spec.Array with { Lanes = 2 } }, filter with { LastTileElements = 4 }, false);
    }

    /// <summary>The design multiplies 8 bits of activation by so many of weight: an offset is a number of the width of the sum, with a sign or without.</summary>
    [Theory]
    [InlineData(ProcessingElementKind.Multiply)]
    [InlineData(ProcessingElementKind.BitSerial)]
    public void Offsets_need_a_design_that_adds_them(ProcessingElementKind kind)
    {
        AcceleratorSpec none = On(Dataflow.WeightStationary, kind);
        AcceleratorSpec spec = none with { Array = none.Array with { ActivationWidth = 9, WeightWidth = 5, ActivationWeights = true, OperandOffsets = true } };
        foreach ((int activation, int weight, bool isTaken) in new[]
        {
            (0, 0, true), (-256, 0, true), (-257, 0, false), (511, 0, true), (512, 0, false), (0, -32, true), (0, -33, false), (0, 63, true), (0, 64, false),
        })
        {
            Check(spec, Matmul() with { ActivationOffset = activation, WeightOffset = weight }, isTaken);
            Check(none, Matmul() with { ActivationOffset = activation, WeightOffset = weight }, activation == 0 && weight == 0);
        }
        Check(spec, Matmul() with { Interval = 9 }, kind == ProcessingElementKind.BitSerial);
        Check(spec, Matmul() with { Interval = 10 }, false);
    }

    [Fact]
    public void Sums_stay_in_two_rows_at_least()
    {
        AcceleratorSpec spec = On(Dataflow.OutputStationary, ProcessingElementKind.Multiply);
        Check(spec, Matmul(), true);
        Check(spec with { Array = spec.Array with { Rows = 1 } }, Matmul(), false);
    }

    private static AcceleratorSpec On(Dataflow dataflow, ProcessingElementKind kind)
    {
        AcceleratorSpec spec = Bench.Spec();
        return spec with { Array = spec.Array with { Dataflow = dataflow, ProcessingElement = kind } };
    }

    private static MatmulInstruction Matmul() => Bench.Matmul(1, 1);

    private static void Check(AcceleratorSpec spec, MatmulInstruction matmul, bool isTaken)
    {
        Schedule schedule = Bench.Schedule(spec, array: [matmul]);
        Exception? found = Record.Exception(() => new Accelerator(schedule));
        Assert.True(isTaken == (found is null), found?.Message ?? matmul.ToString());
        Assert.True(isTaken || (found is InvalidScheduleException { Unit: UnitKind.Array, Instruction: 0 }), found?.Message);
    }
}
