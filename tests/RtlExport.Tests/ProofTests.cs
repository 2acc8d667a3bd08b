// SPDX-License-Identifier: Apache-2.0
using RtlExport.Proofs;
using RtlExport.Tests.Support;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>What Yosys and z3 prove about the modules; and that a wrong module has no proof.</summary>
public sealed class ProofTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Those that take seconds; <c>codesign formal</c> has them all.</summary>
    public static TheoryData<string> Quick { get; } = [.. ProofCatalogue.All.Select(proof => proof.Name).Where(name => !name.StartsWith("tokens_", StringComparison.Ordinal) && name != "product_bit_serial" && (!name.StartsWith("requantizer_", StringComparison.Ordinal) || name == "requantizer_half_up"))];

    [Theory]
    [MemberData(nameof(Quick))]
    public void The_modules_have_the_property(string name)
    {
        ProofResult result = Prover.Prove(Find(name), modules: null, Limit);
        Assert.True(result.Verdict == ProofVerdict.Proved, $"{result.Verdict}: {result.Counterexample}");
    }

    [Theory]
    [InlineData("rounding_half_up", "rounding_shift.sv", "assign increment = half;", "assign increment = half && rest;")]
    [InlineData("rounding_half_even", "rounding_shift.sv", "(rest || quotient[0])", "(rest || !quotient[0])")]
    [InlineData("rounding_stochastic", "rounding_shift.sv", "7'd64 -", "7'd63 -")]
    [InlineData("addition_saturate", "overflow_adder.sv", "assign fits  = sum[SumWidth-1:Width-1] ==", "assign fits  = 1'b1 || sum[SumWidth-1:Width-1] ==")]
    [InlineData("product_dsp_packed", "pe_dsp_packed.sv", "+ S'({1'b0, product[S-1]})", "")]
    [InlineData("product_ternary_add", "pe_ternary_add.sv", "? -passed : passed", "? passed : passed")]
    [InlineData("requantizer_half_up", "requantizer.sv", "shifted > 64'(maximum)", "shifted >= 64'(maximum) - 64'sd1")]
    [InlineData("requantizer_double_rounding", "requantizer.sv", ".half_up_i  (twice)", ".half_up_i  (1'b0)")]
    [InlineData("requantizer_thresholds", "requantizer.sv", "biased_q >= BiasedWidth'(threshold)", "biased_q > BiasedWidth'(threshold)")]
    [InlineData("semaphores", "semaphore_file.sv", "signal_i[s] && !take_i[s]", "signal_i[s]")]
    [InlineData("memory_port", "dma_engine.sv", "store_run_i && !load_run_i;", "store_run_i;")]
    [InlineData("delay_lines", "delay_line.sv", "stages_q[(Stages-1)*Width +: Width]", "stages_q[(Stages-2)*Width +: Width]")]
    public void A_wrong_module_is_refuted_with_the_assertion(string proof, string module, string from, string to)
    {
        using var folder = new TemporaryFolder();
        foreach (string name in RtlSources.Modules)
        {
            File.WriteAllText(folder.At(name), RtlSources.Read("rtl/" + name));
        }

        Bundles.Edit(folder.Path, module, from, to);
        ProofResult result = Prover.Prove(Find(proof), folder.Path, Limit);
        Assert.Equal(ProofVerdict.Refuted, result.Verdict);
        Assert.Contains("_property.sv:", result.Counterexample, StringComparison.Ordinal);
    }

    private static Proof Find(string name) => ProofCatalogue.All.Single(proof => proof.Name == name);
}
