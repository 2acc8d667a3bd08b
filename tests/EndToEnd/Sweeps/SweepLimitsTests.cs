// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using EndToEnd.Cli;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Points that crash or take too much: recorded, and the sweep goes on.</summary>
public sealed class SweepLimitsTests : IDisposable
{
    private readonly Workspace _here = Workspace.WithData();

    public void Dispose() => _here.Dispose();

    [Fact]
    public void A_training_whose_process_is_killed_fails_its_points_and_no_others()
    {
        _here.Write("sweep.yaml", """
            name: small
            experiment: experiment.yaml
            axes:
              - {keys: [training.quantized_phase.epochs], values: [1, 9999]}
              - {keys: [accelerator.array.rows], values: [2, 4]}

            """);
        using Codesign command = Codesign.Start(_here, [], "sweep", "sweep.yaml", "--out", "out", "--workers", "1", "--json");

        // A float phase, the first recipe, and the second, which trains until its process is killed.
        while (command.Running && !(_here.Has("out/cache") && _here.FilesBelow("out/cache").Count(file => file.EndsWith("checkpoint.npz", StringComparison.Ordinal)) == 3))
        {
            Thread.Sleep(10);
        }

        Assert.Equal(1, KillChildren(command.Id));
        CommandResult result = command.Wait().Ended(1);

        Assert.Equal((2, 2), (result.Json.GetProperty("points").GetInt32(), result.Json.GetProperty("failed").GetInt32()));
        Assert.All(_here.Read("out/failures.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1), line => Assert.Contains("crashed (signal 9", line, StringComparison.Ordinal));
    }

    [Fact]
    public void What_exceeds_its_memory_or_time_is_a_failed_point_that_the_next_sweep_tries_again()
    {
        string axes = """
            name: small
            experiment: experiment.yaml
            axes:
              - {keys: [accelerator.array.rows], values: [2, 999]}

            """;
        _here.Write("sweep.yaml", axes + "limits: {memory: 1 MiB}\n");
        JsonElement first = Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--json").Ended(1).Json;
        Assert.Equal((0, 1, 1), (first.GetProperty("points").GetInt32(), first.GetProperty("invalid").GetInt32(), first.GetProperty("failed").GetInt32()));
        Assert.Contains("exceeded its memory limit of 1 MiB", _here.Read("out/failures.csv"), StringComparison.Ordinal);

        _here.Write("sweep.yaml", axes + "limits: {seconds: 1e-7}\n");
        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--resume").Ended(1);
        Assert.Contains("exceeded its time limit of 1E-07 s", _here.Read("out/failures.csv"), StringComparison.Ordinal);

        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--resume", "--point-timeout", "3600", "--point-memory", "20 GiB").Succeeded();
        Assert.Equal(2, _here.Read("out/results.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("--point-memory", "2 GB of it", "--point-memory: not a size of memory, found '2 GB of it', allowed a number with one of the units MiB, GiB, MB, GB")]
    [InlineData("--point-timeout", "0", "--point-timeout: found 0, allowed above 0 up to 1000000")]
    [InlineData("--workers", "0", "--workers: found 0, allowed 1..256")]
    [InlineData("--max-points", "0", "--max-points: found 0, allowed at least 1")]
    public void Options_out_of_range_are_refused(string option, string value, string finding)
    {
        _here.Write("sweep.yaml", "name: small\nexperiment: experiment.yaml\naxes:\n  - {keys: [accelerator.array.rows], values: [2]}\n");

        Assert.Equal([finding], Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", option, value).Ended(2).Findings);
        Assert.False(_here.Has("out"));
    }

    private static int KillChildren(int parent)
    {
        int killed = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                // After the name in brackets: the state, then the parent.
                string[] fields = File.ReadAllText(folder + "/stat").Split(") ")[^1].Split(' ');
                if (int.Parse(fields[1], CultureInfo.InvariantCulture) == parent)
                {
                    using var child = System.Diagnostics.Process.GetProcessById(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
                    child.Kill();
                    killed++;
                }
            }
            catch (Exception exception) when (exception is IOException or ArgumentException)
            {
                // It ended meanwhile.
            }
        }

        return killed;
    }
}
