// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
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
        Assert.All(_here.Read("out/failures.csv").Split(CsvLine.End, StringSplitOptions.RemoveEmptyEntries).Skip(1), line => Assert.Contains("crashed (signal 9", line, StringComparison.Ordinal));
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
        Assert.Equal(2, _here.Read("out/results.csv").Split(CsvLine.End, StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_full_disk_ends_the_sweep_with_the_way_to_go_on()
    {
        // Whatever is written to /dev/full is refused as a full disk refuses it.
        _here.Write("timing.yaml", TimingSweep.Text("axes:\n  - {keys: [accelerator.clock_mhz], values: [50, 100]}\n"));
        Codesign.Run(_here, "sweep", "timing.yaml", "--out", "timing").Succeeded();
        string table = _here.Read("timing/results.csv");
        Fill("timing/results.csv.partial");
        string finding = Assert.Single(Codesign.Run(_here, "sweep", "timing.yaml", "--out", "timing", "--resume").Ended(2).Findings);
        Assert.Matches("No space left on device.*when the disk can be written again: codesign sweep 'timing.yaml' --out 'timing' --resume", finding);
        Assert.Equal(table, _here.Read("timing/results.csv"));
        File.Delete(_here.PathOf("timing/results.csv.partial"));
        Codesign.Run(_here, "sweep", "timing.yaml", "--out", "timing", "--resume").Succeeded();

        _here.Write("sweep.yaml", "name: small\nexperiment: experiment.yaml\naxes:\n  - {keys: [accelerator.array.rows], values: [2, 4]}\n");
        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "values").Succeeded();
        string lost = _here.FilesBelow("values/points")[0];
        File.Delete(_here.PathOf("values/points/" + lost));
        Fill($"values/points/{lost}.partial");
        Assert.Contains("No space left on device", Assert.Single(Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "values", "--resume").Ended(2).Findings), StringComparison.Ordinal);

        // The worker process writes the training.
        File.Delete(_here.PathOf($"values/points/{lost}.partial"));
        foreach (string training in _here.FilesBelow("values/cache").Where(file => file.EndsWith("trained.sha256", StringComparison.Ordinal)).ToArray())
        {
            File.WriteAllText(_here.PathOf("values/cache/" + training), "damaged");
            Fill($"values/cache/{training}.partial");
        }
        CommandResult result = Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "values", "--resume").Ended(2);
        Assert.Contains("No space left on device", Assert.Single(result.Findings), StringComparison.Ordinal);
        Assert.Contains("damaged, trained again", result.Error, StringComparison.Ordinal);
    }

    private void Fill(string file) => File.CreateSymbolicLink(_here.PathOf(file), "/dev/full");

    [Theory]
    [InlineData("--point-memory", "2 GB of it", "--point-memory: not a size of memory, found '2 GB of it', allowed a number with one of the units MiB, GiB, MB, GB")]
    [InlineData("--point-timeout", "0", "--point-timeout: found '0', allowed above 0 up to 1000000")]
    [InlineData("--point-timeout", "ten", "--point-timeout: found 'ten', allowed above 0 up to 1000000")]
    [InlineData("--workers", "0", "--workers: found '0', allowed 1..256")]
    [InlineData("--max-points", "0", "--max-points: found '0', allowed 1 or more")]
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
