// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests;

/// <summary>Does each kind of product multiply, whatever the operands?</summary>
public sealed class ProductTests
{
    public static TheoryData<ProcessingElementKind, int, int, bool, int, int> Shapes { get; } = new()
    {
        // kind, lanes, activation width, activation signed, weight width, weight terms
        { ProcessingElementKind.Multiply, 1, 5, true, 5, 1 },
        { ProcessingElementKind.Multiply, 2, 4, false, 4, 1 },
        { ProcessingElementKind.Multiply, 3, 16, true, 16, 1 },
        { ProcessingElementKind.DspPacked, 2, 4, true, 4, 1 },
        { ProcessingElementKind.DspPacked, 2, 3, false, 5, 1 },
        { ProcessingElementKind.DspPacked, 4, 2, true, 2, 1 },
        { ProcessingElementKind.DspPacked, 4, 5, false, 5, 1 },
        { ProcessingElementKind.XnorPopcount, 1, 1, true, 1, 1 },
        { ProcessingElementKind.XnorPopcount, 5, 1, true, 1, 1 },
        { ProcessingElementKind.XnorPopcount, 8, 1, true, 1, 1 },
        { ProcessingElementKind.TernaryAdd, 2, 6, true, 2, 1 },
        { ProcessingElementKind.TernaryAdd, 3, 3, false, 2, 1 },
        { ProcessingElementKind.TernaryAdd, 8, 16, false, 2, 1 },
        { ProcessingElementKind.ShiftAdd, 1, 8, true, 5, 1 },
        { ProcessingElementKind.ShiftAdd, 2, 4, false, 2, 1 },
        { ProcessingElementKind.ShiftAdd, 1, 6, false, 10, 2 },
        { ProcessingElementKind.ShiftAdd, 3, 8, true, 8, 2 },
        { ProcessingElementKind.BitSerial, 2, 5, true, 2, 1 },
        { ProcessingElementKind.BitSerial, 1, 6, false, 6, 1 },
        { ProcessingElementKind.BitSerial, 3, 16, true, 8, 1 },
        { ProcessingElementKind.Codebook, 2, 4, true, 4, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kind_multiplies(ProcessingElementKind kind, int lanes, int activationWidth, bool activationSigned, int weightWidth, int weightTerms)
    {
        ToolRun run = Run(ModuleMutation.None, kind, lanes, activationWidth, activationSigned, weightWidth, weightTerms);

        Assert.True(run.ExitCode == 0 && run.Output.StartsWith("PASS", StringComparison.Ordinal), run.Output);
    }

    [Theory]
    [InlineData(ProcessingElementKind.DspPacked, 1, "pe_dsp_packed", "+ S'({1'b0, product[S-1]})", "")]
    [InlineData(ProcessingElementKind.DspPacked, 1, "pe_dsp_packed", "localparam int LeftWidth   = S + A + 1;", "localparam int LeftWidth   = S + A;")]
    [InlineData(ProcessingElementKind.DspPacked, 1, "pe_dsp_packed", "localparam int RightWidth  = S + W + 1;", "localparam int RightWidth  = S + W;")]
    [InlineData(ProcessingElementKind.DspPacked, 1, "pe_dsp_packed", "localparam int S = A + W + 1;", "localparam int S = A + W;")]
    [InlineData(ProcessingElementKind.XnorPopcount, 1, "pe_xnor_popcount", "assign counts = activation_i[2*l+1];", "assign counts = 1'b1;")]
    [InlineData(ProcessingElementKind.XnorPopcount, 1, "pe_xnor_popcount", "weight_i[l] ^ activation_i[2*l]", "weight_i[l] ~^ activation_i[2*l]")]
    [InlineData(ProcessingElementKind.TernaryAdd, 1, "pe_ternary_add", "weight_i[2*l+1] ? -passed : passed", "weight_i[2*l+1] ? ~passed : passed")]
    [InlineData(ProcessingElementKind.TernaryAdd, 1, "pe_ternary_add", "ActivationSigned && ", "")]
    [InlineData(ProcessingElementKind.ShiftAdd, 1, "pe_shift_add", "<<< (code - CodeWidth'(1))", "<<< code")]
    [InlineData(ProcessingElementKind.ShiftAdd, 2, "pe_shift_add", "(code == {CodeWidth{1'b0}})", "(field == {FieldWidth{1'b0}})")]
    [InlineData(ProcessingElementKind.ShiftAdd, 2, "pe_shift_add", "localparam int Lane = t / WeightTerms;", "localparam int Lane = t % Lanes;")]
    [InlineData(ProcessingElementKind.BitSerial, 1, "pe_bit_serial", "(first_i && negative_i) ? -partial", "negative_i ? -partial")]
    [InlineData(ProcessingElementKind.BitSerial, 1, "pe_bit_serial", "(first_i ? {ProductWidth{1'b0}} : product_q <<< 1)", "(product_q <<< 1)")]
    [InlineData(ProcessingElementKind.Multiply, 1, "pe_multiply", "ActivationSigned && ", "")]
    [InlineData(ProcessingElementKind.ShiftAdd, 2, "pe_datapath", "(1 << (TermWidth - 1)) - 2 + WeightTerms;", "(1 << (TermWidth - 1)) - 4 + WeightTerms;")]
    public void A_mutated_product_fails(ProcessingElementKind kind, int weightTerms, string module, string from, string to)
    {
        bool codes = kind is ProcessingElementKind.XnorPopcount or ProcessingElementKind.TernaryAdd;
        int weightWidth = kind == ProcessingElementKind.XnorPopcount ? 1 : codes ? 2 : 4;

        // Unsigned where the mutation takes every activation for a signed one.
        bool activationSigned = from.Length > 0 && !from.StartsWith("ActivationSigned", StringComparison.Ordinal);

        Assert.NotEqual(0, Run(new(module + ".sv", from, to), kind, 2, 4, activationSigned, weightWidth, weightTerms).ExitCode);
    }

    private static ToolRun Run(ModuleMutation mutation, ProcessingElementKind kind, int lanes, int activationWidth, bool activationSigned, int weightWidth, int weightTerms) =>
        ModuleBench.Run("pe_datapath_tb", Designs.Reference, mutation,
        [
            ("Kind", (int)kind), ("Lanes", lanes), ("ActivationWidth", activationWidth), ("ActivationSigned", activationSigned ? 1 : 0), ("WeightWidth", weightWidth), ("WeightTerms", weightTerms),
        ]);
}
