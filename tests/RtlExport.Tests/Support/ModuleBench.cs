// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using RtlExport.Parameters;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests.Support;

/// <summary>One line of one module replaced by another, or nothing.</summary>
internal sealed record ModuleMutation(string Module, string From, string To)
{
    public static ModuleMutation None { get; } = new("", "", "");
}

/// <summary>Runs a bench of <c>benches/</c> over all modules, compiled for a design, in Icarus.</summary>
internal static class ModuleBench
{
    public static ToolRun Run(
        string bench, AcceleratorSpec design, ModuleMutation mutation, IEnumerable<(string Name, int Value)>? parameters = null, params (string Name, string Text)[] files)
    {
        using var folder = new TemporaryFolder();
        RtlParameters constants = RtlParameters.Of(design);
        File.WriteAllText(folder.At("accel_pkg.sv"), SystemVerilogPackage.Write(constants, new(Bundles.Configuration, constants.HardwareSha256), 1024));
        foreach (string name in RtlSources.Modules)
        {
            string source = RtlSources.Read("rtl/" + name);
            if (name == mutation.Module)
            {
                Assert.Equal(2, source.Split(mutation.From).Length);
                source = source.Replace(mutation.From, mutation.To, StringComparison.Ordinal);
            }

            File.WriteAllText(folder.At(name), source);
        }

        foreach ((string name, string text) in files)
        {
            File.WriteAllText(folder.At(name), text);
        }

        string benchFile = Path.Combine(AppContext.BaseDirectory, "benches", bench + ".sv");
        string[] overrides = [.. (parameters ?? []).Select(parameter => $"-P{bench}.{parameter.Name}={parameter.Value}")];
        ToolRun compiled = ExternalTool.Run(
            ExternalTool.Require("iverilog", "iverilog"), ["-g2012", "-s", bench, .. overrides, "-o", "bench.vvp", "accel_pkg.sv", .. RtlSources.Modules, benchFile],
            folder.Path, TimeSpan.FromMinutes(1));
        Assert.True(compiled.ExitCode == 0, compiled.Output);
        return ExternalTool.Run(ExternalTool.Require("vvp", "iverilog"), ["-n", "bench.vvp"], folder.Path, TimeSpan.FromMinutes(2));
    }
}
