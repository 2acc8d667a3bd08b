// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests;

/// <summary>Does the array add offsets to both operands of a product of two activation tensors as the model does, up to the least and the greatest operand?</summary>
public sealed class OperandOffsetTests
{
    private const int Tokens = 5;
    private const int Values = 6;

    [Theory]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.Multiply, 2, 8, true)]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.Multiply, 1, 8, false)]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.BitSerial, 1, 8, false)]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.DspPacked, 2, 4, true)]
    [InlineData(Dataflow.OutputStationary, ProcessingElementKind.Multiply, 2, 8, false)]
    [InlineData(Dataflow.OutputStationary, ProcessingElementKind.BitSerial, 1, 8, true)]
    [InlineData(Dataflow.InputStationary, ProcessingElementKind.Multiply, 2, 8, true)]
    [InlineData(Dataflow.InputStationary, ProcessingElementKind.BitSerial, 2, 8, false)]
    public void Attention_with_offsets_agrees_with_the_model(Dataflow dataflow, ProcessingElementKind kind, int lanes, int bits, bool signed)
    {
        using var folder = new TemporaryFolder();
        AcceleratorSpec design = Design(dataflow, kind, lanes, bits);
        string bundle = Sample.Of(design, Attention(design, new(signed, bits, 0))).Write(folder);

        Bundles.AssertPassed(RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
    }

    /// <summary>Neither a wrong sum nor a wrong way of constants past the adder goes unnoticed.</summary>
    [Theory]
    [InlineData("offset_adder.sv", "extended[SumWidth-1:0] + offset_q", "extended[SumWidth-1:0]")]
    [InlineData("offset_adder.sv", "signed_q && element[ElementWidth-1]", "element[ElementWidth-1]")]
    [InlineData("offset_adder.sv", "signed_q && element[ElementWidth-1]", "1'b0")]
    [InlineData("array_unit.sv", "accel_pkg::MatmulWeightOffsetLsb +:", "accel_pkg::MatmulActivationOffsetLsb +:")]
    [InlineData("array_unit.sv", "factor_q ? factors : constants", "factors")]
    [InlineData("array_unit.sv", "{line_i[(w+1)*accel_pkg::ArrayWeightWidth-1], ", "{1'b0, ")]
    public void A_fault_in_the_way_of_offsets_is_found(string file, string text, string fault)
    {
        using var folder = new TemporaryFolder();
        AcceleratorSpec design = Design(Dataflow.WeightStationary, ProcessingElementKind.Multiply, 2, 8);
        bool[] passed =
        [
            .. new[] { false, true }.Select(signed =>
            {
                string bundle = Sample.Of(design, Attention(design, new(signed, 8, 0))).Write(folder);
                Bundles.Edit(bundle, file, text, fault);
                return RtlVerifier.Verify(bundle, SimulatorKind.Icarus).Passed;
            }),
        ];

        Assert.Contains(false, passed);
    }

    /// <summary>Codes of so many bits of either sign, which offsets make operands of one bit more.</summary>
    internal static AcceleratorSpec Design(Dataflow dataflow, ProcessingElementKind kind, int lanes, int bits)
    {
        AcceleratorSpec design = ActivationWeightTests.Design(dataflow, lanes, 3, 4);
        return design with
        {
            Array = design.Array with { ProcessingElement = kind, OperandOffsets = true, ActivationSigned = true, ActivationWidth = bits + 1, WeightWidth = bits, PartialSumWidth = (2 * bits) + 1 },
            Accumulator = design.Accumulator with { Width = (2 * bits) + 4 },
        };
    }

    /// <summary>Two rows of tokens. Scores have the greatest offset of queries and the least of keys, the product with the values the least of scores and the greatest of values.</summary>
    private static IntegerNetwork Attention(AcceleratorSpec design, FixedPointFormat codes)
    {
        ArraySpec array = design.Array;
        TensorSpec tokens = new(2, Tokens, 5, codes);
        Conv2dLayer Project(string name, int seed) => new()
        {
            Name = name,
            Input = "input",
            Output = new(2, Tokens, Values, codes),
            Weights = Samples(seed, Values, 1, 1, 5),
            WeightFormat = new(true, 4, 0),
            Stride = (1, 1),
            Padding = Padding.None,
            Dilation = (1, 1),
            Groups = 1,
            PaddingCode = 0,
            Requantization = Scale(4, Values, codes, codes.Signed ? 0 : 1 << (codes.Width - 1)),
        };
        return new()
        {
            Name = "attention",
            Input = tokens,
            Layers =
            [
                Project("query", 1), Project("key", 2), Project("value", 3),
                new MatmulLayer
                {
                    Name = "scores", Input = "query", SecondInput = "key", TransposeSecond = true, Output = new(2, Tokens, Tokens, codes),
                    FirstOffset = array.Operands.GreatestOffset(codes), SecondOffset = array.WeightValues.LeastOffset(codes), Requantization = Scale(2 * codes.Width - 5, 1, codes),
                },
                new MatmulLayer
                {
                    Name = "context", Input = "scores", SecondInput = "value", TransposeSecond = false, Output = new(2, Tokens, Values, new(true, 8, 0)),
                    FirstOffset = array.Operands.LeastOffset(codes), SecondOffset = array.WeightValues.GreatestOffset(codes), Requantization = Scale(2 * codes.Width - 5, 1, new(true, 8, 0)),
                },
            ],
        };
    }

    private static Requantization Scale(int shift, int biases, FixedPointFormat output, int zeroPoint = 0) => new()
    {
        Kind = RequantizationKind.Shift, Bias = [.. new long[biases]], Shift = [shift], Rounding = RoundingMode.HalfUp, ZeroPoint = zeroPoint,
        Minimum = (int)output.MinRaw, Maximum = (int)output.MaxRaw,
    };

    private static IntegerTensor Samples(int seed, params int[] shape)
    {
        Random random = new(seed);
        return new([.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => random.Next(-8, 8))]);
    }
}
