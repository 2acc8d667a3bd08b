// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests;

/// <summary>Does the page about one's own RTL work as it stands there? Its modules are saved under the names in their first lines, its commands are run by a shell.</summary>
public sealed partial class OwnRtlPageTests
{
    /// <summary>Blocks of commands on the page.</summary>
    private const int InIcarus = 0, InVerilator = 1, BrokenModules = 2;

    [Fact]
    public void The_pages_modules_pass_and_its_broken_ones_are_caught()
    {
        // GNU make, with which Verilator builds, refuses a space.
        using var folder = new TemporaryFolder("own-rtl-");
        foreach ((AcceleratorSpec design, int[] blocks) in new (AcceleratorSpec, int[])[]
        {
            (Designs.Reference, [InIcarus, InVerilator, BrokenModules]),
            (Designs.Reference with { Vector = Designs.Reference.Vector with { ThresholdLevels = 3 }, Accumulator = Designs.Reference.Accumulator with { Width = 20 } }, [InIcarus, BrokenModules]),
        })
        {
            ToolRun[] runs = Run(folder, Sample.Of(design, Sample.DenseNetwork(RoundingMode.HalfUp)), blocks);
            Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Output));
            int words = File.ReadLines(folder.At("run/rtl/vectors/requantizer.memh")).Count() - 1;
            foreach (ToolRun run in runs[..^1])
            {
                Match passed = Verdict().Match(run.Output);
                Assert.Equal(words, int.Parse(passed.Groups[1].Value) + int.Parse(passed.Groups[2].Value));
            }

            Assert.Equal(3, Regex.Count(runs[^1].Output, @"(?m)^DIFF word \d+"));
            Assert.Equal(3, Regex.Count(runs[^1].Output, @"(?m)^FAIL \d+ of \d+ words"));
        }
    }

    [Fact]
    public void The_pages_bench_refuses_another_rounding_and_vectors_of_other_hardware()
    {
        using var folder = new TemporaryFolder();
        ToolRun first = Run(folder, Sample.Of(Designs.With(RoundingMode.HalfEven), Sample.DenseNetwork(RoundingMode.HalfEven)), InIcarus)[0];
        Assert.Contains("this design does something else", first.Output, StringComparison.Ordinal);

        string own = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp)).Write(folder, "run/rtl");
        string other = Sample.Of(Designs.Reference with { ClockMhz = 90, Memory = Designs.Reference.Memory with { LatencyCycles = 7 } }, Sample.DenseNetwork(RoundingMode.HalfUp)).Write(folder, "other");
        File.Copy(Path.Combine(other, "vectors/requantizer.memh"), Path.Combine(own, "vectors/requantizer.memh"), overwrite: true);
        Assert.Contains("belongs to other hardware", Commands(folder, InIcarus)[0].Output, StringComparison.Ordinal);
    }

    private static ToolRun[] Run(TemporaryFolder folder, Sample sample, params int[] blocks)
    {
        sample.Write(folder, "run/rtl");
        return Commands(folder, blocks);
    }

    /// <summary>Saves the page's modules and runs some blocks of its commands.</summary>
    private static ToolRun[] Commands(TemporaryFolder folder, params int[] blocks)
    {
        ExternalTool.Require(SimulatorKind.Icarus);
        ExternalTool.Require(SimulatorKind.Verilator);
        List<string> commands = [];
        foreach (Match block in CodeBlock().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs/own-rtl.md"))))
        {
            string code = block.Groups[2].Value;
            if (block.Groups[1].Value == "systemverilog")
            {
                File.WriteAllText(folder.At(code[3..code.IndexOf('\n')]), code);
            }
            else if (block.Groups[1].Value == "sh")
            {
                commands.Add(code);
            }
        }

        Assert.Equal(BrokenModules + 1, commands.Count);
        return [.. blocks.Select(block => ExternalTool.Run("/bin/sh", ["-e", "-c", "RUN=run\n" + commands[block]], folder.Path, TimeSpan.FromMinutes(5)))];
    }

    [GeneratedRegex(@"(?ms)^```(\w+)\n(.*?)^```")]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"(?m)^PASS (\d+) words, (\d+) skipped")]
    private static partial Regex Verdict();
}
