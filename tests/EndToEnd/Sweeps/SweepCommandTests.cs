// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using EndToEnd.Cli;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>The commands as their users meet them: JSON, exit codes, Ctrl-C and kill -9.</summary>
public sealed class SweepCommandTests : IDisposable
{
    private const string Axes = """
        name: small
        experiment: experiment.yaml
        axes:
          - {name: weight bits, keys: [training.quantized_phase.weights.bits], values: [3, 4]}
          - {name: rows, keys: [accelerator.array.rows], values: [2, 4, 8]}
          - {name: columns, keys: [accelerator.array.columns], values: [2, 4, 999]}

        """;

    private readonly Workspace _here = Workspace.WithData();

    public SweepCommandTests() => _here.Write("sweep.yaml", Axes);

    public void Dispose() => _here.Dispose();

    [Fact]
    public void A_killed_sweep_goes_on_and_ends_with_the_bytes_of_one_that_was_not()
    {
        JsonElement whole = Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "whole", "--json").Succeeded().Json;
        Assert.Equal(
            ["name", "points", "invalid", "failed", "seconds", "pareto", "results_csv", "report"],
            whole.EnumerateObject().Select(member => member.Name));
        Assert.Equal((12, 6, 0), (whole.GetProperty("points").GetInt32(), whole.GetProperty("invalid").GetInt32(), whole.GetProperty("failed").GetInt32()));
        Assert.NotEqual(0, whole.GetProperty("pareto").GetArrayLength());
        Assert.All(new[] { "results.csv", "results.jsonl", "invalid.csv", "failures.csv", "results.md", "report.html", "figures/accuracy-area.svg", "figures/accuracy-latency.png" },
            file => Assert.True(_here.Has("whole/" + file), file));

        using (Codesign command = Codesign.Start(_here, [], "sweep", "sweep.yaml", "--out", "parts"))
        {
            WaitFor(command, () => _here.Has("parts/points") && _here.FilesBelow("parts/points").Any(file => file.EndsWith(".json", StringComparison.Ordinal)));
            command.Kill();
            command.Wait();
        }

        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "parts", "--resume").Succeeded();

        Assert.Empty(_here.Differences("whole", "parts"));
    }

    [Fact]
    public void Ctrl_C_ends_with_130_and_the_way_to_go_on()
    {
        _here.Write("long.yaml", Axes + "  - {name: epochs, keys: [training.quantized_phase.epochs], values: [9999]}\n");
        using Codesign command = Codesign.Start(_here, [], "sweep", "long.yaml", "--out", "out");
        WaitFor(command, () => _here.Has("out/cache") && _here.FilesBelow("out/cache").Any(file => file.EndsWith("trained.npz", StringComparison.Ordinal)));

        command.Interrupt();
        CommandResult result = command.Wait().Ended(130);

        Assert.Contains("to go on: codesign sweep 'long.yaml' --out 'out' --resume", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_refused()
    {
        _here.Write("out/notes.txt", "mine");

        CommandResult result = Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out").Ended(2);

        Assert.Equal(["out: is not empty; --resume goes on with the sweep that it holds, or choose another --out"], result.Findings);
        Assert.Equal(["notes.txt"], _here.FilesBelow("out"));
    }

    [Fact]
    public void Findings_of_a_sweep_name_their_places_and_nothing_is_written()
    {
        _here.Edit("sweep.yaml", "accelerator.array.rows", "accelerator.array.rowz");

        CommandResult result = Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out").Ended(2);

        Assert.Contains(result.Findings, finding => finding.StartsWith("sweep.yaml:5:", StringComparison.Ordinal) && finding.Contains("did you mean 'rows'?", StringComparison.Ordinal));
        Assert.False(_here.Has("out"));
    }

    [Fact]
    public void Results_are_written_when_every_experiment_has_one_and_a_missed_target_is_an_exit_code()
    {
        // What learns nothing cannot be right every time.
        _here.Write("lazy.yaml", "base: training.yaml\nfloat_phase: {epochs: 1, optimizer: {learning_rate: 1e-12}}\nquantized_phase: {epochs: 1, optimizer: {learning_rate: 1e-12}}\n");
        _here.Write("second.yaml", _here.Read("experiment.yaml").Replace("name: small", "name: second", StringComparison.Ordinal).Replace("training.yaml", "lazy.yaml", StringComparison.Ordinal));
        _here.Write("list.yaml", """
            title: Results of two
            experiments:
              - {method: first, experiment: experiment.yaml, target: {accuracy: integer, at_least: 0}}
              - {method: second, experiment: second.yaml, target: {accuracy: integer, at_least: 1}}

            """);
        string[] command = ["results", "--list", "list.yaml", "--out", "out", "--page", "page.md"];

        CommandResult first = Codesign.Run(_here, [.. command, "--only", "small"]).Succeeded();
        Assert.False(_here.Has("page.md"));
        Assert.Contains("| small ", _here.Read("out/results.md"), StringComparison.Ordinal);
        Assert.Contains("| small ", first.Output, StringComparison.Ordinal);

        CommandResult all = Codesign.Run(_here, [.. command, "--resume"]).Ended(1);
        Assert.Contains("small: finished before, kept", all.Error, StringComparison.Ordinal);
        Assert.Equal(["target not met by second"], all.Findings);
        Assert.StartsWith("# Results of two\n", _here.Read("page.md"), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\| small .*\| yes +\|$", _here.Read("page.md"));
        Assert.Matches(@"(?m)^\| second .*\| no +\|$", _here.Read("page.md"));
    }

    private static void WaitFor(Codesign command, Func<bool> happened)
    {
        while (command.Running && !happened())
        {
            Thread.Sleep(1);
        }
    }
}
