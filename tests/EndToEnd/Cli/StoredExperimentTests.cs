// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>Experiments with a finished network: no training, no data set, and no torch.</summary>
[Collection(TrainedRunTests.Name)]
public sealed class StoredExperimentTests(TrainedRun run)
{
    private const string Experiment = """
        name: stored
        description: "a \"description\" with a line\nbreak: # and more"
        integer_network: network
        test_set: {images: test/images.npy, labels: test/labels.npy}
        accelerator: accelerator.yaml
        verification: {simulator: icarus, images: 2}

        """;

    [Fact]
    public void The_accuracy_is_that_of_the_run_which_trained_it()
    {
        using Workspace place = Stored();
        CommandResult result = Codesign.Run(place, "run", "stored.yaml", "--out", "run", "--json").Succeeded();
        foreach (string figure in (string[])["integer_accuracy", "cycles_per_inference", "overflows", "test_images"])
        {
            Assert.Equal(run.Result.Json.GetProperty(figure).GetRawText(), result.Json.GetProperty(figure).GetRawText());
        }
    }

    [Fact]
    public void Its_folder_holds_all_that_its_configuration_names_and_runs_again_wherever_it_is()
    {
        using Workspace place = Stored();
        CommandResult first = Codesign.Run(place, "run", "stored.yaml", "--out", "run", "--json").Succeeded();
        place.Copy("run", "moved/elsewhere");
        Directory.Delete(place.PathOf("network"), recursive: true);
        Directory.Delete(place.PathOf("test"), recursive: true);
        CommandResult again = Codesign.Run(place, "run", "moved/elsewhere/config.yaml", "--out", "again", "--json").Succeeded();
        Assert.Equal(first.Json.GetProperty("config_sha256").GetString(), again.Json.GetProperty("config_sha256").GetString());
        Assert.Empty(place.Differences("run", "again"));

        // Also into the folder from which it reads.
        Codesign.Run(place, "run", "moved/elsewhere/config.yaml", "--out", "moved/elsewhere").Succeeded();
        Assert.Empty(place.Differences("run", "moved/elsewhere"));
    }

    [Fact]
    public void A_configuration_whose_network_or_images_were_changed_is_refused()
    {
        using Workspace place = Stored();
        place.Edit("experiment.yaml", "simulator: icarus", "simulator: none");
        place.Write("stored.yaml", Experiment.Replace("simulator: icarus", "simulator: none", StringComparison.Ordinal));
        Codesign.Run(place, "run", "stored.yaml", "--out", "run").Succeeded();
        int[] labels = NpyFile.Load(place.PathOf("run/test/labels.npy")).ToIntegers<int>();
        labels[0] = (labels[0] + 1) % 4;
        NpyFile.Save(place.PathOf("run/test/labels.npy"), NpyArray.FromIntegers<int>(NpyType.Int32, [labels.Length], labels));
        place.Edit("run/network/network.json", "\"name\": \"small\"", "\"name\": \"large\"");
        CommandResult result = Codesign.Run(place, "run", "run/config.yaml", "--out", "again").Ended(2);
        Assert.Equal(2, result.Findings.Count);
        Assert.Contains(result.Findings, finding => finding.Contains(" integer_network_sha256: ", StringComparison.Ordinal));
        Assert.Contains(result.Findings, finding => finding.Contains(" test_set.sha256: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused_at_the_test_set()
    {
        using Workspace place = Stored();
        NpyFile.Save(place.PathOf("test/labels.npy"), NpyArray.FromIntegers<int>(NpyType.Int32, [64], [.. Enumerable.Repeat(3, 63), 4]));
        Assert.StartsWith("stored.yaml:4:1: test_set: ", Assert.Single(Codesign.Run(place, "run", "stored.yaml", "--out", "run").Ended(2).Findings));
        NpyFile.Save(place.PathOf("test/labels.npy"), NpyArray.FromIntegers<int>(NpyType.Int32, [63], new int[63]));
        Assert.Contains("[63]", Assert.Single(Codesign.Run(place, "run", "stored.yaml", "--out", "run").Ended(2).Findings));
        Assert.False(place.Has("run"));
    }

    private Workspace Stored()
    {
        Workspace place = Workspace.WithExperiment(run.Place.Data);
        place.Write("stored.yaml", Experiment);
        place.Copy($"../{Path.GetFileName(run.Place.Root)}/run/network", "network");
        Codesign.Run(place, "data", "export", "own", "--images", "64", "--out", "test").Succeeded();
        return place;
    }
}
