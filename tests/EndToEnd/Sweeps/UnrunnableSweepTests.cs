// SPDX-License-Identifier: Apache-2.0
using EndToEnd.Cli;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Sweeps of which nothing comes: what is wrong is said with its place, and the exit code is that of bad input.</summary>
public sealed class UnrunnableSweepTests : IDisposable
{
    private readonly Workspace _here = new();

    public void Dispose() => _here.Dispose();

    [Fact]
    public void A_constraint_that_no_design_keeps_to_is_told_with_its_place() =>
        Assert.Contains("sweep.yaml:4:31: constraints: no point can keep to 'area.lut < 100' and the others", Finding("constraints: [latency < 5 ms, area.lut < 100, area.dsp < 9999]\n"), StringComparison.Ordinal);

    [Fact]
    public void A_network_of_no_name_is_told_with_its_place()
    {
        Write("");
        _here.Edit("sweep.yaml", "network: lenet5", "network: lenet6");
        Assert.Contains("sweep.yaml:3:10: network: unknown network, found 'lenet6' (did you mean 'lenet5'?)", Ended(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_findings_do_not_hide_that_of_the_network()
    {
        Write("");
        _here.Edit("sweep.yaml", "network: lenet5", "network: lenet6");
        _here.Edit("sweep.yaml", "[4, 8]", "[]");

        IReadOnlyList<string> findings = [.. Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out").Ended(2).Findings];

        Assert.Contains(findings, finding => finding.Contains("axes[0].values", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("sweep.yaml:3:10: network: unknown network, found 'lenet6'", StringComparison.Ordinal));
    }

    [Fact]
    public void Nor_that_of_a_network_that_an_axis_names()
    {
        _here.Write("sweep.yaml", TimingSweep.Text("axes:\n  - {keys: [network], values: [lenet5, lenet6]}\n  - {keys: [accelerator.array.rows], values: []}\n"));

        IReadOnlyList<string> findings = [.. Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out").Ended(2).Findings];

        Assert.Contains(findings, finding => finding.Contains("axes[1].values", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("sweep.yaml:5:40: network: unknown network, found 'lenet6' (did you mean 'lenet5'?)", StringComparison.Ordinal));
    }

    [Fact]
    public void More_points_than_there_are_is_said()
    {
        Write("strategy: {kind: random, points: 10}\n");

        CommandResult result = Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--json").Succeeded();

        Assert.Equal(2, Number(result, "points"));
        Assert.Contains("strategy.points asks for 10 points, there are 2", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_every_combination_is_invalid_the_exit_code_says_so()
    {
        Write("");
        _here.Edit("sweep.yaml", "[4, 8]", "[0, 999]");
        CommandResult result = Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--json").Ended(2);
        Assert.Equal((0, 2, 0), (Number(result, "points"), Number(result, "invalid"), Number(result, "failed")));
        Assert.Contains("array.rows: out of range, found '999'", result.Error, StringComparison.Ordinal);
        Assert.Contains("no point can run", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)")]
    [InlineData("sbatch: fatal: Could not establish a configuration source")]
    public void A_Slurm_without_a_controller_is_a_missing_one(string says)
    {
        Write("");
        string tools = _here.PathOf("tools");
        Directory.CreateDirectory(tools);
        foreach (string tool in new[] { "node", "rsvg-convert" })
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), "/usr/bin/" + tool);
        }

        _here.Write("tools/sbatch", $"#!/bin/sh\n[ \"$1\" = --version ] && exit 0\necho '{says}' >&2\nexit 1\n");
        File.SetUnixFileMode(_here.PathOf("tools/sbatch"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        CommandResult result = Codesign.Run(_here, [("PATH", tools)], "sweep", "sweep.yaml", "--out", "out", "--slurm").Ended(3);

        Assert.Contains(says, Assert.Single(result.Findings), StringComparison.Ordinal);
    }

    private static int Number(CommandResult result, string name) => result.Json.GetProperty(name).GetInt32();

    private void Write(string more) => _here.Write("sweep.yaml", TimingSweep.Text("axes:\n  - {keys: [accelerator.array.rows], values: [4, 8]}\n", more));

    private string Ended(int code) => Assert.Single(Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out").Ended(code).Findings);

    private string Finding(string more)
    {
        Write(more);
        return Ended(2);
    }
}
