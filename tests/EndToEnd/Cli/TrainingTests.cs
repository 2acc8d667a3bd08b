// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.Cli;

/// <summary>Training through the command: it repeats, stops, goes on, and fails in order.</summary>
[Collection(TrainedRunTests.Name)]
public sealed class TrainingTests(TrainedRun run)
{
    private const string Checkpoint = "train/checkpoint/checkpoint.npz";
    private const string Finished = "train/trained.npz";

    [Fact]
    public void The_small_experiment_learns_and_its_integers_agree_in_every_code()
    {
        System.Text.Json.JsonElement summary = run.Result.Json;
        Assert.InRange(summary.GetProperty("float_accuracy").GetDouble(), 0.9, 1);
        Assert.InRange(summary.GetProperty("integer_accuracy").GetDouble(), 0.9, 1);
        Assert.Equal(summary.GetProperty("quantized_accuracy").GetDouble(), summary.GetProperty("integer_accuracy").GetDouble());
        Assert.Equal(summary.GetProperty("trained_accuracy").GetDouble(), summary.GetProperty("integer_accuracy").GetDouble());
        Assert.Equal(0, summary.GetProperty("trained_quantized_differences").GetInt64());
        Assert.Equal(0, summary.GetProperty("quantized_integer_differences").GetInt64());
    }

    [Fact]
    public void Its_resolved_configuration_runs_to_the_same_bytes_in_another_folder()
    {
        CommandResult again = Codesign.Run(run.Place, "run", "run/config.yaml", "--out", "again elsewhere", "--json").Succeeded();
        Assert.Equal(run.Result.Json.GetProperty("config_sha256").GetString(), again.Json.GetProperty("config_sha256").GetString());
        Assert.Empty(run.Place.Differences("run", "again elsewhere"));
    }

    [Fact]
    public void A_run_that_was_killed_goes_on_to_the_same_bytes()
    {
        using (Codesign command = Codesign.Start(run.Place, [], "run", "experiment.yaml", "--out", "killed"))
        {
            WaitForCheckpoint(command, "killed");
            command.Kill();
            command.Wait();
        }

        Assert.False(run.Place.Has("killed/" + Finished), "it was to be killed before its end");
        Codesign.Run(run.Place, "run", "experiment.yaml", "--out", "killed", "--resume").Succeeded();
        Assert.Empty(run.Place.Differences("run", "killed"));
    }

    [Fact]
    public void Interrupting_ends_with_130_names_the_way_on_and_loses_nothing()
    {
        CommandResult result;
        using (Codesign command = Codesign.Start(run.Place, [], "run", "experiment.yaml", "--out", "interrupted", "--json"))
        {
            WaitForCheckpoint(command, "interrupted");
            command.Interrupt();
            result = command.Wait().Ended(130);
        }

        Assert.Contains("--resume", result.Error);
        Assert.Empty(result.Output);
        Assert.False(run.Place.Has("interrupted/" + Finished), "it was to be interrupted before its end");
        Codesign.Run(run.Place, "run", "experiment.yaml", "--out", "interrupted", "--resume").Succeeded();
        Assert.Empty(run.Place.Differences("run", "interrupted"));
    }

    [Fact]
    public void Another_experiment_in_the_folder_of_an_old_run_leaves_nothing_of_it()
    {
        using Workspace place = Workspace.WithExperiment(run.Place.Data);
        place.Copy("../" + Path.GetFileName(run.Place.Root) + "/run", "old");
        place.Write("old/figures/weights-9.svg", "from a run with more layers");
        place.Edit("experiment.yaml", "simulator: icarus", "simulator: none");
        Codesign.Run(place, "run", "experiment.yaml", "--out", "old").Succeeded();
        Codesign.Run(place, "run", "experiment.yaml", "--out", "new").Succeeded();
        Assert.Empty(place.Differences("new", "old"));
    }

    [Fact]
    public void Single_stages_from_files_give_the_network_the_codes_and_the_verdict_of_the_run()
    {
        using Workspace place = Workspace.WithExperiment(run.Place.Data);
        Codesign.Run(place, "train", "experiment.yaml", "--out", "trained").Succeeded();
        Codesign.Run(place, "lower", "--trained", "trained", "--accelerator", "accelerator.yaml", "--out", "network").Succeeded();
        place.Copy("../" + Path.GetFileName(run.Place.Root) + "/run/network", "network of the run");
        Assert.Empty(place.Differences("network of the run", "network"));

        Codesign.Run(place, "data", "export", "own", "--images", "1", "--out", "test").Succeeded();
        Codesign.Run(place, "export", "--network", "network", "--accelerator", "accelerator.yaml", "--input", "test/images.npy", "--out", "rtl").Succeeded();
        foreach (string file in (string[])["vectors/layer_000.memh", "vectors/memory.memh", "vectors/program_array.memh", "vectors/timeline_store.memh"])
        {
            // The first line carries the hash, which is that of a whole experiment in the one and of network and design in the other.
            Assert.Equal(File.ReadLines(run.Place.PathOf("run/rtl/" + file)).Skip(1), File.ReadLines(place.PathOf("rtl/" + file)).Skip(1));
        }

        CommandResult verdict = Codesign.Run(place, "verify", "rtl", "--simulator", "icarus", "--json").Succeeded();
        Assert.Equal(run.Result.Json.GetProperty("verification").GetProperty("vectors").GetInt64(), verdict.Json.GetProperty("vectors").GetInt64());
    }

    [Fact]
    public void Training_that_leaves_the_numbers_stops_with_the_layer_and_keeps_the_last_good_checkpoint()
    {
        using Workspace place = Workspace.WithExperiment(run.Place.Data);

        // The first epoch is an ordinary one; then steps grow without bound.
        place.Edit("training.yaml", "schedule: {kind: cosine, warmup_epochs: 0.5, final_factor: 0.01}", "schedule: {kind: constant}");
        place.Edit("training.yaml", "optimizer: {kind: adam, learning_rate: 0.002, weight_decay: 0}", "optimizer: {kind: sgd, learning_rate: 100, momentum: 0.9999, weight_decay: 1}");
        CommandResult result = Codesign.Run(place, "run", "experiment.yaml", "--out", "run").Ended(1);
        Assert.Matches("conv1|dense1", Assert.Single(result.Findings));
        Assert.True(place.Has("run/" + Checkpoint));
        Assert.False(place.Has("run/" + Finished));
        Assert.False(place.Has("run/report.html"));
    }

    [Fact]
    public void A_data_set_too_small_for_validation_images_is_trained_and_reported_without_them()
    {
        using Workspace place = Workspace.WithExperiment();
        place.WriteImages("few", trainingImages: 8);
        Codesign.Run(place, "data", "get", "own", "--from", "few").Succeeded();
        place.Edit("training.yaml", "batch_size: 16", "batch_size: 4");
        place.Edit("experiment.yaml", "simulator: icarus", "simulator: none");

        Codesign.Run(place, "run", "experiment.yaml", "--out", "run").Succeeded();

        Assert.Contains("Training loss", place.Read("run/report.html"), StringComparison.Ordinal);
        Assert.DoesNotContain("Validation accuracy", place.Read("run/report.html"), StringComparison.Ordinal);
        Assert.All(File.ReadLines(place.PathOf("run/train/history.csv")).Skip(1), row => Assert.EndsWith(",", row, StringComparison.Ordinal));
    }

    [Fact]
    public void A_recipe_in_floating_point_is_trained_and_neither_run_nor_lowered()
    {
        using Workspace place = Workspace.WithExperiment(run.Place.Data);
        string recipe = place.Read("training.yaml");
        place.Write("training.yaml", recipe[..recipe.IndexOf("quantized_phase:", StringComparison.Ordinal)]);

        CommandResult refused = Codesign.Run(place, "run", "experiment.yaml", "--out", "run").Ended(2);
        Assert.Contains("experiment.yaml:4:11: training: recipe 'quick' is in floating point only", Assert.Single(refused.Findings), StringComparison.Ordinal);
        Assert.False(place.Has("run"));
        Codesign.Run(place, "train", "experiment.yaml", "--out", "trained").Succeeded();
        CommandResult lowered = Codesign.Run(place, "lower", "--trained", "trained", "--accelerator", "accelerator.yaml", "--out", "network").Ended(2);
        Assert.Contains("trained: recipe 'quick' is in floating point only", Assert.Single(lowered.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_of_a_float_network_that_is_given_are_found_without_any_training()
    {
        using Workspace place = Workspace.WithExperiment(run.Place.Data);
        place.Copy("../" + Path.GetFileName(run.Place.Root) + "/run/train", "float");
        place.Edit("training.yaml", "epochs: 3", "epochs: 0");
        place.Edit("experiment.yaml", "test_images: 64", "float_network: float\ntest_images: 64");

        Codesign.Run(place, "train", "experiment.yaml", "--out", "trained").Succeeded();

        Assert.Single(File.ReadLines(place.PathOf("trained/history.csv")));
    }

    [Fact]
    public void A_float_network_with_another_batch_norm_is_told_at_its_key()
    {
        using Workspace place = Workspace.WithExperiment(run.Place.Data);
        place.Copy("../" + Path.GetFileName(run.Place.Root) + "/run/train", "float");
        place.Edit("training.yaml", "batch_norm: none", "batch_norm: folded");
        place.Edit("experiment.yaml", "test_images: 64", "float_network: float\ntest_images: 64");

        CommandResult result = Codesign.Run(place, "train", "experiment.yaml", "--out", "trained").Ended(2);

        Assert.Contains("float_network: its weights are those of another recipe, found batch_norm: none, allowed folded or thresholds", Assert.Single(result.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_that_training_made_too_large_for_the_accumulator_is_told_with_its_layer()
    {
        using Workspace place = Workspace.WithExperiment(run.Place.Data);
        place.Edit("accelerator.yaml", "partial_sum_width: 12", "partial_sum_width: 8");
        place.Edit("accelerator.yaml", "width: 20", "width: 8");

        CommandResult result = Codesign.Run(place, "run", "experiment.yaml", "--out", "run").Ended(2);

        Assert.Matches("layer 'conv1': bias of channel [0-3] does not fit, found -?[0-9]+, allowed -128..127", Assert.Single(result.Findings));
        Assert.False(place.Has("run/rtl/manifest.json"));
    }

    private void WaitForCheckpoint(Codesign command, string folder)
    {
        while (command.Running && !run.Place.Has($"{folder}/{Checkpoint}"))
        {
            Thread.Sleep(2);
        }
    }
}
