// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests;

/// <summary>Does the array multiply two activation tensors as the model does: attention's Q K^T and P V, on every dataflow?</summary>
public sealed class ActivationWeightTests
{
    private const int Tokens = 7;
    private const int Values = 6;
    private static readonly FixedPointFormat S4 = new(true, 4, 0);

    [Theory]
    [InlineData(Dataflow.WeightStationary, 1, 4, 4)]
    [InlineData(Dataflow.WeightStationary, 2, 2, 3)]
    [InlineData(Dataflow.OutputStationary, 2, 3, 4)]
    [InlineData(Dataflow.InputStationary, 1, 3, 5)]
    [InlineData(Dataflow.InputStationary, 2, 2, 4)]
    public void Attention_agrees_with_the_model(Dataflow dataflow, int lanes, int rows, int columns)
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Design(dataflow, lanes, rows, columns), Attention()).Write(folder);

        Bundles.AssertPassed(RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
    }

    /// <summary>Neither a wrong pitch nor the wrong buffer goes unnoticed.</summary>
    [Theory]
    [InlineData("factor_buffer.sv", "* lane_pitch_i", "* column_pitch_i")]
    [InlineData("factor_buffer.sv", "row     = address >> BankShift", "row     = read_address_i >> BankShift")]
    [InlineData("matmul_sequencer.sv", ": tile_lines;\n    end else", ": tile_lines + 1;\n    end else")]
    [InlineData("matmul_sequencer.sv", "line_factor_o ? LineAddressWidth'(instruction_i[accel_pkg::MatmulWeightLineStrideLsb", "!line_factor_o ? LineAddressWidth'(instruction_i[accel_pkg::MatmulWeightLineStrideLsb")]
    [InlineData("array_unit.sv", "factor_q ? factors_i : line_i", "line_i")]
    public void A_fault_in_the_way_of_factors_is_found(string file, string text, string fault)
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Design(Dataflow.WeightStationary, 2, 2, 3), Attention()).Write(folder);
        Bundles.Edit(bundle, file, text, fault);

        Assert.False(RtlVerifier.Verify(bundle, SimulatorKind.Icarus).Passed);
    }

    internal static AcceleratorSpec Design(Dataflow dataflow, int lanes, int rows, int columns)
    {
        AcceleratorSpec reference = Designs.Reference;
        return reference with
        {
            Array = reference.Array with { Dataflow = dataflow, Lanes = lanes, Rows = rows, Columns = columns, ActivationWeights = true },
            Buffers = reference.Buffers with
            {
                Accumulator = new() { Size = 64, DoubleBuffered = true }, Output = new() { Size = 64, DoubleBuffered = true }, Factor = new() { Size = 256, DoubleBuffered = true },
            },
        };
    }

    /// <summary>Two rows of tokens: queries and keys, which meet transposed, and values, which the scores meet as they are.</summary>
    private static IntegerNetwork Attention()
    {
        TensorSpec tokens = new(2, Tokens, 5, S4);
        Conv2dLayer Project(string name, int seed) => new()
        {
            Name = name,
            Input = "input",
            Output = new(2, Tokens, Values, S4),
            Weights = Samples(seed, Values, 1, 1, 5),
            WeightFormat = S4,
            Stride = (1, 1),
            Padding = Padding.None,
            Dilation = (1, 1),
            Groups = 1,
            PaddingCode = 0,
            Requantization = Scale(4, Values, -8, 7),
        };
        return new()
        {
            Name = "attention",
            Input = tokens,
            Layers =
            [
                Project("query", 1), Project("key", 2), Project("value", 3),
                new MatmulLayer { Name = "scores", Input = "query", SecondInput = "key", TransposeSecond = true, Output = new(2, Tokens, Tokens, S4), Requantization = Scale(4, 1, -8, 7) },
                new MatmulLayer { Name = "context", Input = "scores", SecondInput = "value", TransposeSecond = false, Output = new(2, Tokens, Values, new(true, 8, 0)), Requantization = Scale(1, 1, -128, 127) },
            ],
        };
    }

    private static Requantization Scale(int shift, int biases, int minimum, int maximum) => new()
    {
        Kind = RequantizationKind.Shift, Bias = [.. new long[biases]], Shift = [shift], Rounding = RoundingMode.HalfUp, Minimum = minimum, Maximum = maximum,
    };

    private static IntegerTensor Samples(int seed, params int[] shape)
    {
        Random random = new(seed);
        return new([.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => random.Next(-8, 8))]);
    }
}
