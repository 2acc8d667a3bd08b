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
    [Fact]
    public void The_pages_modules_pass_and_its_broken_ones_are_caught()
    {
        using var folder = new TemporaryFolder();
        foreach (AcceleratorSpec design in new[]
        {
            Designs.Reference,
            Designs.Reference with { Vector = Designs.Reference.Vector with { ThresholdLevels = 3 }, Accumulator = Designs.Reference.Accumulator with { Width = 20 } },
        })
        {
            ToolRun[] runs = Run(folder, Sample.Of(design, Sample.DenseNetwork(RoundingMode.HalfUp)));
            Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Output));
            int words = File.ReadLines(folder.At("run/rtl/vectors/requantizer.memh")).Count() - 1;
            Match passed = Verdict().Match(runs[0].Output);
            Assert.Equal(words, int.Parse(passed.Groups[1].Value) + int.Parse(passed.Groups[2].Value));
            Assert.Equal(3, Regex.Count(runs[1].Output, @"(?m)^DIFF word \d+"));
            Assert.Equal(3, Regex.Count(runs[1].Output, @"(?m)^FAIL \d+ of \d+ words"));
        }
    }

    [Fact]
    public void The_pages_bench_refuses_another_rounding_and_vectors_of_other_hardware()
    {
        using var folder = new TemporaryFolder();
        ToolRun first = Run(folder, Sample.Of(Designs.With(RoundingMode.HalfEven), Sample.DenseNetwork(RoundingMode.HalfEven)))[0];
        Assert.Contains("this design does something else", first.Output, StringComparison.Ordinal);

        string own = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp)).Write(folder, "run/rtl");
        string other = Sample.Of(Designs.Reference with { ClockMhz = 90, Memory = Designs.Reference.Memory with { LatencyCycles = 7 } }, Sample.DenseNetwork(RoundingMode.HalfUp)).Write(folder, "other");
        File.Copy(Path.Combine(other, "vectors/requantizer.memh"), Path.Combine(own, "vectors/requantizer.memh"), overwrite: true);
        Assert.Contains("belongs to other hardware", Commands(folder)[0].Output, StringComparison.Ordinal);
    }

    private static ToolRun[] Run(TemporaryFolder folder, Sample sample)
    {
        sample.Write(folder, "run/rtl");
        return Commands(folder);
    }

    private static ToolRun[] Commands(TemporaryFolder folder)
    {
        ExternalTool.Require(SimulatorKind.Icarus);
        List<ToolRun> runs = [];
        foreach (Match block in CodeBlock().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs/own-rtl.md"))))
        {
            string code = block.Groups[2].Value;
            if (block.Groups[1].Value == "systemverilog")
            {
                File.WriteAllText(folder.At(code[3..code.IndexOf('\n')]), code);
            }
            else if (block.Groups[1].Value == "sh")
            {
                runs.Add(ExternalTool.Run("/bin/sh", ["-e", "-c", "RUN=run\n" + code], folder.Path, TimeSpan.FromMinutes(5)));
            }
        }

        Assert.Equal(2, runs.Count);
        return [.. runs];
    }

    [GeneratedRegex(@"(?ms)^```(\w+)\n(.*?)^```")]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"(?m)^PASS (\d+) words, (\d+) skipped")]
    private static partial Regex Verdict();
}
