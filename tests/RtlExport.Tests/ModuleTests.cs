// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Modules alone, in corners that a whole network seldom reaches, each with a bench that knows nothing of the module.</summary>
public sealed class ModuleTests
{
    [Theory]
    [InlineData("semaphore_file")]
    [InlineData("dma_engine")]
    public void A_module_passes_its_bench(string module)
    {
        ToolRun run = Run(module, "", "");
        Assert.True(run.ExitCode == 0 && run.Output.StartsWith("PASS", StringComparison.Ordinal), run.Output);
    }

    [Theory]
    [InlineData("semaphore_file", "else if (!signal_i[s] && take_i[s]) ", "else if (take_i[s])")]
    [InlineData("semaphore_file", "else if (signal_i[s] && !take_i[s]) ", "else if (signal_i[s])")]
    [InlineData("semaphore_file", "else if (clear_i)", "else if (1'b0)")]
    [InlineData("dma_engine", "assign grant_load  = !busy_q && load_run_i;", "assign grant_load  = !busy_q && load_run_i && !store_run_i;")]
    [InlineData("dma_engine", "BurstWidth'(BurstBeats - 1)", "BurstWidth'(BurstBeats - 2)")]
    [InlineData("dma_engine", "busy_q  <= !last;", "busy_q  <= 1'b1;")]
    public void A_mutated_module_fails_its_bench(string module, string from, string to) => Assert.NotEqual(0, Run(module, from, to).ExitCode);

    private static ToolRun Run(string module, string from, string to)
    {
        using var folder = new TemporaryFolder();
        string source = RtlSources.Read($"rtl/{module}.sv");
        if (from.Length > 0)
        {
            Assert.Equal(2, source.Split(from).Length);
            source = source.Replace(from, to, StringComparison.Ordinal);
        }

        File.WriteAllText(folder.At("module.sv"), source);
        string package = Path.Combine(AppContext.BaseDirectory, "accel_pkg.sv");
        string bench = Path.Combine(AppContext.BaseDirectory, "benches", module + "_tb.sv");
        ToolRun compiled = ExternalTool.Run(
            ExternalTool.Require("iverilog", "iverilog"), ["-g2012", "-s", module + "_tb", "-o", "bench.vvp", package, "module.sv", bench], folder.Path, TimeSpan.FromMinutes(1));
        Assert.True(compiled.ExitCode == 0, compiled.Output);
        return ExternalTool.Run(ExternalTool.Require("vvp", "iverilog"), ["-n", "bench.vvp"], folder.Path, TimeSpan.FromMinutes(1));
    }
}
