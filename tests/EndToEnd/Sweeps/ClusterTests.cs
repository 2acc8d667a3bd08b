// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.Cli;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Sweeps on a Slurm of two nodes: the bytes of a sweep on one machine, whatever happens to tasks and nodes.</summary>
public sealed class ClusterTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private static readonly string[] Results = ["results.csv", "results.jsonl", "invalid.csv", "failures.csv", "results.md", "results.tex", "report.html", "sweep.yaml"];

    /// <summary>Two units of points, without values.</summary>
    private static readonly string Timing = TimingSweep.Text("""
        axes:
          - {keys: [accelerator.array.rows], values: [8, 400]}
          - {keys: [accelerator.memory.latency_cycles], values: [10, 20]}
          - {keys: [accelerator.clock_mhz], range: {from: 1, to: 400}}

        """);

    private readonly Workspace _here = new();

    public void Dispose() => _here.Dispose();

    [SlurmFact]
    public void A_requeued_training_goes_on_and_the_sweep_ends_in_the_bytes_of_one_on_this_machine()
    {
        using Workspace here = Workspace.WithData();
        here.Write("sweep.yaml", """
            name: small
            experiment: experiment.yaml
            axes:
              - {name: weight bits, keys: [training.quantized_phase.weights.bits], values: [3]}
              - {name: rows, keys: [accelerator.array.rows], values: [2, 4, 8]}
              - {name: columns, keys: [accelerator.array.columns], values: [2, 999]}

            """);
        Codesign.Run(here, "sweep", "sweep.yaml", "--out", "one").Succeeded();
        Codesign.Run(here, "sweep", "sweep.yaml", "--out", "two", "--slurm", "--no-submit").Succeeded();
        Stop(here, "two/slurm/training.sh", 1);

        CommandResult submitted = Codesign.Run(here, cluster.Environs, "sweep", "sweep.yaml", "--out", "two", "--resume", "--slurm", "--json").Succeeded();
        Assert.Contains("training.sh: changed by hand, used as it is", submitted.Error, StringComparison.Ordinal);
        Assert.Equal(["float", "training", "points", "merge"], Jobs(submitted).Select(job => job.Phase));
        Assert.Equal([1, 1, 2, 1], Jobs(submitted).Select(job => job.Units));
        SlurmCluster.Until(() => here.Has("two/slurm/stopped"), "the training has begun");
        cluster.Control("requeue", Jobs(submitted).Single(job => job.Phase == "training").Number + "_1");
        SlurmCluster.Until(() => here.Has("two/slurm/done/merge"), "the sweep has ended");

        Assert.All(Results, file => Assert.Equal(here.Read("one/" + file), here.Read("two/" + file)));
        Assert.Empty(here.Differences("one/cache", "two/cache"));
        Assert.Empty(here.Differences("one/points", "two/points"));
        Assert.Matches(@"(?m)^unit 1 \(training\): done, 0 failed$", here.Read("two/slurm/logs/training-1.log"));
    }

    [SlurmFact]
    public void The_job_that_ends_a_rung_submits_the_next_one()
    {
        using Workspace here = Workspace.WithData();
        here.Write("sweep.yaml", """
            name: small
            experiment: experiment.yaml
            strategy: {kind: successive_halving, points: 2, eta: 2, min_epochs: 2}
            axes:
              - {keys: [training.quantized_phase.weights.bits], values: [3, 4]}

            """);
        Codesign.Run(here, "sweep", "sweep.yaml", "--out", "one").Succeeded();

        Codesign.Run(here, cluster.Environs, "sweep", "sweep.yaml", "--out", "two", "--slurm").Succeeded();
        SlurmCluster.Until(() => here.Has("two/slurm/done/merge"), "the sweep has ended");

        Assert.All(Results, file => Assert.Equal(here.Read("one/" + file), here.Read("two/" + file)));
        Assert.Empty(here.Differences("one/points", "two/points"));
        Assert.Matches(@"(?m)^step 2: jobs \d+, \d+, \d+, 2 units$", here.Read("two/slurm/logs/merge.log"));
        Assert.Equal(2, Codesign.Run(here, cluster.Environs, "sweep", "status", "two", "--json").Succeeded().Json.GetProperty("step").GetInt32());
    }

    [SlurmFact]
    public void A_node_that_dies_loses_nothing()
    {
        _here.Write("sweep.yaml", Timing);
        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "one").Succeeded();
        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "two", "--slurm", "--no-submit").Succeeded();
        Stop(_here, "two/slurm/points.sh", 1);
        Codesign.Run(_here, cluster.Environs, "sweep", "sweep.yaml", "--out", "two", "--resume", "--slurm").Succeeded();

        SlurmCluster.Until(() => _here.Has("two/slurm/stopped"), "the second task has begun");
        cluster.Kill(_here.Read("two/slurm/stopped").Trim());
        SlurmCluster.Until(() => _here.Has("two/slurm/done/merge"), "the sweep has ended on the other node");

        Assert.All(Results, file => Assert.Equal(_here.Read("one/" + file), _here.Read("two/" + file)));
        Assert.Equal("finished", Codesign.Run(_here, cluster.Environs, "sweep", "status", "two", "--json").Succeeded().Json.GetProperty("state").GetString());
    }

    [SlurmFact]
    public void What_works_on_a_folder_is_told_and_can_be_cancelled_and_this_machine_goes_on()
    {
        _here.Write("sweep.yaml", Timing);
        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--slurm", "--no-submit").Succeeded();
        Stop(_here, "out/slurm/points.sh", 1);
        Codesign.Run(_here, cluster.Environs, "sweep", "sweep.yaml", "--out", "out", "--resume", "--slurm").Succeeded();
        SlurmCluster.Until(() => _here.Has("out/slurm/stopped"), "the second task has begun");

        JsonElement status = Codesign.Run(_here, cluster.Environs, "sweep", "status", "out", "--json").Succeeded().Json;
        Assert.Equal(("small", "running"), (status.GetProperty("name").GetString(), status.GetProperty("state").GetString()));
        Assert.Equal(2, status.GetProperty("phases")[0].GetProperty("units").GetInt32());
        Assert.Contains("of Slurm work on it", Assert.Single(Codesign.Run(_here, cluster.Environs, "sweep", "sweep.yaml", "--out", "out", "--resume").Ended(2).Findings), StringComparison.Ordinal);

        Codesign.Run(_here, cluster.Environs, "sweep", "cancel", "out").Succeeded();
        Assert.Equal("cancelled", Codesign.Run(_here, cluster.Environs, "sweep", "status", "out", "--json").Succeeded().Json.GetProperty("state").GetString());
        Assert.Equal(800, Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--resume", "--json").Succeeded().Json.GetProperty("points").GetInt32());
    }

    [SlurmFact]
    public void A_submission_that_Slurm_rejects_ends_with_its_message_and_no_job()
    {
        _here.Write("sweep.yaml", Timing);
        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--slurm", "--no-submit").Succeeded();
        _here.Edit("out/slurm/merge.sh", "#SBATCH --requeue", "#SBATCH --partition=nowhere");

        string finding = Assert.Single(Codesign.Run(_here, cluster.Environs, "sweep", "sweep.yaml", "--out", "out", "--resume", "--slurm").Ended(2).Findings);

        Assert.Contains("Slurm rejects it: sbatch: ", finding, StringComparison.Ordinal);
        Assert.Contains("invalid partition specified: nowhere", finding, StringComparison.Ordinal);
        Assert.False(_here.Has("out/slurm/jobs.json"));
        Assert.False(_here.Has("out/slurm/logs/points-0.log"));
    }

    /// <summary>The first time that a task runs it says where it is, and waits.</summary>
    private static void Stop(Workspace here, string script, int task)
    {
        string text = here.Read(script);
        string stop = string.Create(CultureInfo.InvariantCulture, $"if [ $SLURM_ARRAY_TASK_ID = {task} ] && [ -z \"$SLURM_RESTART_COUNT\" ]; then echo $SLURMD_NODENAME > stopped.new; mv stopped.new stopped; sleep 300; fi\nexec ");
        Assert.Single(Regex.Matches(text, "(?m)^exec "));
        here.Write(script, text.Replace("\nexec ", "\n" + stop, StringComparison.Ordinal));
    }

    private static IReadOnlyList<(string Phase, string Number, int Units)> Jobs(CommandResult submitted) =>
    [
        .. submitted.Json.GetProperty("jobs").EnumerateArray().Select(job => (job.GetProperty("phase").GetString()!, job.GetProperty("job").GetString()!, job.GetProperty("units").GetInt32())),
    ];
}

/// <summary>Without a cluster.</summary>
public sealed class NoClusterTests : IDisposable
{
    private readonly Workspace _here = new();

    public NoClusterTests() => _here.Write("sweep.yaml", TimingSweep.Text("axes:\n  - {keys: [accelerator.clock_mhz], values: [50, 100]}\n"));

    public void Dispose() => _here.Dispose();

    [Fact]
    public void Without_Slurm_the_command_says_how_to_get_it_and_writes_nothing()
    {
        string tools = _here.PathOf("tools");
        Directory.CreateDirectory(tools);
        foreach (string tool in new[] { "node", "rsvg-convert" })
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), "/usr/bin/" + tool);
        }

        CommandResult result = Codesign.Run(_here, [("PATH", tools)], "sweep", "sweep.yaml", "--out", "out", "--slurm").Ended(3);

        Assert.Contains("apt-get install -y --no-install-recommends slurm-wlm munge", Assert.Single(result.Findings), StringComparison.Ordinal);
        Assert.False(_here.Has("out"));
    }

    [Fact]
    public void A_script_that_nobody_changed_is_written_anew_and_a_changed_one_is_kept()
    {
        Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--slurm", "--no-submit").Succeeded();
        string points = _here.Read("out/slurm/points.sh");
        _here.Edit("out/slurm/merge.sh", "#SBATCH --requeue", "#SBATCH --time=10");
        _here.Edit("sweep.yaml", "name: small", "name: small");

        CommandResult again = Codesign.Run(_here, "sweep", "sweep.yaml", "--out", "out", "--resume", "--slurm", "--no-submit").Succeeded();

        Assert.Equal(points, _here.Read("out/slurm/points.sh"));
        Assert.Contains("#SBATCH --time=10", _here.Read("out/slurm/merge.sh"), StringComparison.Ordinal);
        Assert.Contains("merge.sh: changed by hand, used as it is", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("points.sh: changed", again.Error, StringComparison.Ordinal);
        Assert.Equal("stopped", Codesign.Run(_here, "sweep", "status", "out", "--json").Succeeded().Json.GetProperty("state").GetString());
        Assert.Contains("nothing of it was submitted", Assert.Single(Codesign.Run(_here, "sweep", "cancel", "out").Ended(2).Findings), StringComparison.Ordinal);
    }
}
