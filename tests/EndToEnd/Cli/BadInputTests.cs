// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>
/// Input that cannot be used ends with exit code 2, every finding at its place, and nothing written. The experiment is right but for what a test changes.
/// </summary>
public sealed class BadInputTests(ImportedImages images) : IClassFixture<ImportedImages>
{
    private const string Output = "never";

    /// <summary>File, text that is there once, text in its place, where the finding stands, and words that it must hold.</summary>
    public static TheoryData<string, string, string, string, string> Mistakes { get; } = new()
    {
        { "experiment.yaml", "test_images:", "test_image:", "experiment.yaml:6:1: test_image: ", "did you mean 'test_images'?" },
        { "experiment.yaml", "dataset: own\n", "", "experiment.yaml:1:1: dataset: ", "required key is missing" },
        { "experiment.yaml", "dataset: own", "dataset: owm", "experiment.yaml:2:10: dataset: ", "did you mean 'own'?" },
        { "experiment.yaml", "test_images: 64", "test_images: 64\nname: again", "experiment.yaml:7:1: name: ", "duplicate key, found first on line 1" },
        { "experiment.yaml", "test_images: 64", "test_images: many", "experiment.yaml:6:14: test_images: ", "'many', allowed 1..1000000" },
        { "experiment.yaml", "test_images: 64", "test_images: 0", "experiment.yaml:6:14: test_images: ", "'0', allowed 1..1000000" },
        { "experiment.yaml", "simulator: icarus", "simulator: 1", "experiment.yaml:7:27: verification.simulator: ", "'1', allowed auto, verilator, icarus, none" },
        { "experiment.yaml", "name: small", "name: ../small", "experiment.yaml:1:7: name: ", "'../small', allowed letters" },
        { "experiment.yaml", "network: network.yaml", "network: ..", "experiment.yaml:3:10: network: ", "a directory" },
        { "experiment.yaml", "network: network.yaml", "network: gone.yaml", "experiment.yaml:3:10: network: ", "no such file" },
        { "experiment.yaml", "name: small", "name: !!python/object small", "experiment.yaml:1:7: name: ", "tags are not allowed" },
        { "experiment.yaml", "name: small", "name: &a small\ndescription: *a", "experiment.yaml:1:7: name: ", "anchors are not allowed" },
        { "experiment.yaml", "verification: {", "verification: [", "experiment.yaml:7:", "syntax error" },
        { "network.yaml", "kernel: 3", "kernel: 11", "network.yaml:4:12: layers[0].kind: ", "larger than its input" },
        { "network.yaml", "outputs: 4", "outputs: 3", "network.yaml:7:42: layers[3].outputs: ", "found 3, allowed 4" },
        { "network.yaml", "height: 8", "height: 6", "network.yaml:2:1: input: ", "found 6 x 8 x 1, allowed 8 x 8 x 1" },
        { "network.yaml", "kind: max_pool", "kind: mean_pool", "network.yaml:5:12: layers[1].kind: ", "did you mean 'max_pool'?" },
        { "training.yaml", "momentum: 0.9", "momentum: 1.5", "training.yaml:10:57: float_phase.optimizer.momentum: ", "'1.5', allowed 0..0.9999" },
        { "training.yaml", "kind: adam", "kind: 1", "training.yaml:15:21: quantized_phase.optimizer.kind: ", "'1', allowed adam, sgd" },
        { "training.yaml", "grid: unsigned", "grid: 2", "training.yaml:27:11: quantized_phase.activations.grid: ", "'2', allowed" },
        { "training.yaml", "seed: 1", "seed: 1e400", "training.yaml:2:7: seed: ", "'1e400'" },
        { "accelerator.yaml", "activation_width: 4", "activation_width: 0", "accelerator.yaml:11:21: array.activation_width: ", "'0', allowed 1..16" },
        { "accelerator.yaml", " weight_width: 4", " weight_width: 33", "accelerator.yaml:13:17: array.weight_width: ", "'33', allowed 1..16" },
        { "accelerator.yaml", "size: 4096", "size: 8", "accelerator.yaml:24:24: buffers.activation.size: ", "conv1" },
        { "accelerator.yaml", "size: 512", "size: 2", "accelerator.yaml:25:24: buffers.weight.size: ", "allowed at least 4" },
        { "accelerator.yaml", "size: 512", "size: 2000000000", "accelerator.yaml:25:24: buffers.weight.size: ", "allowed 1..16777216" },
        { "accelerator.yaml", "dataflow: weight_stationary", "dataflow: weight_stationery", "accelerator.yaml:5:13: array.dataflow: ", "did you mean 'weight_stationary'?" },
        { "accelerator.yaml", " weight_width: 4", " weight_width: 3", "network.yaml:4:5: layers[0].weights: ", "conv1" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_at_its_place(string file, string from, string to, string place, string words)
    {
        using Workspace here = Workspace.WithExperiment(images.Place.Data);
        here.Edit(file, from, to);
        CommandResult result = Refused(here, "experiment.yaml");
        Assert.Contains(result.Findings, finding => finding.StartsWith(place, StringComparison.Ordinal) && finding.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Mistakes_in_every_file_are_told_at_once_and_nothing_else_is()
    {
        using Workspace here = Workspace.WithExperiment(images.Place.Data);
        here.Edit("experiment.yaml", "test_images: 64", "test_images: -1");
        here.Edit("network.yaml", "channels: 4", "chanels: 4");
        here.Edit("training.yaml", "batch_size: 16", "batch_size: sixteen");
        here.Edit("accelerator.yaml", "rows: 4", "rows: 0");
        CommandResult result = Refused(here, "experiment.yaml");
        Assert.Equal(
            ["accelerator.yaml:6:9:", "experiment.yaml:6:14:", "network.yaml:4:33:", "network.yaml:4:5:", "training.yaml:4:13:"],
            result.Findings.Select(finding => finding.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("- a list\n")]
    [InlineData("\"no end\n")]
    [InlineData("a: [1, 2\n")]
    [InlineData("\u0000\u0001")]
    public void A_file_that_is_no_section_has_one_finding(string text)
    {
        using Workspace here = Workspace.WithExperiment(images.Place.Data);
        here.Write("experiment.yaml", text);
        Assert.StartsWith("experiment.yaml:", Assert.Single(Refused(here, "experiment.yaml").Findings));
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused_before_it_grows()
    {
        using Workspace here = Workspace.WithExperiment(images.Place.Data);
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        here.Write("experiment.yaml", bomb.ToString());
        Assert.Contains(Refused(here, "experiment.yaml").Findings, finding => finding.StartsWith("experiment.yaml:1:5: a0: anchors are not allowed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_a_missing_file_and_bytes_that_are_no_text_are_refused()
    {
        using Workspace here = Workspace.WithExperiment(images.Place.Data);
        Directory.CreateDirectory(here.PathOf("folder"));
        File.WriteAllBytes(here.PathOf("bytes.yaml"), [0xff, 0xfe, 0x00]);
        foreach (string file in (string[])["folder", "missing.yaml", "bytes.yaml", "/proc/self/mem"])
        {
            Assert.StartsWith($"{file}:1:1: ", Assert.Single(Refused(here, file).Findings));
        }
    }

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("notes.txt/below")]
    [InlineData("/proc/run")]
    [InlineData("images")]
    public void An_output_folder_that_is_a_file_or_holds_something_else_is_refused_and_left_alone(string output)
    {
        images.Place.Write("notes.txt", "mine");
        IReadOnlyList<string> before = images.Place.FilesBelow("images");
        CommandResult result = Codesign.Run(images.Place, "run", "experiment.yaml", "--out", output).Ended(2);
        Assert.StartsWith(output + ": ", Assert.Single(result.Findings));
        Assert.Equal("mine", images.Place.Read("notes.txt"));
        Assert.Equal(before, images.Place.FilesBelow("images"));
    }

    [Fact]
    public void Resuming_in_the_folder_of_another_configuration_is_refused()
    {
        string other = $"# config_sha256: {new string('0', 64)}\nname: another\n";
        images.Place.Write("run/config.yaml", other);
        CommandResult result = Codesign.Run(images.Place, "run", "experiment.yaml", "--out", "run", "--resume").Ended(2);
        Assert.StartsWith("run: holds a run of another configuration", Assert.Single(result.Findings));
        Assert.Equal(other, images.Place.Read("run/config.yaml"));
        Assert.Equal(["config.yaml"], images.Place.FilesBelow("run"));
    }

    [Theory]
    [InlineData("rum", "unknown command, found 'rum' (did you mean 'run'?)")]
    [InlineData("data fetch", "unknown command, found 'fetch'")]
    [InlineData("data", "a command is missing, allowed get, list, export")]
    [InlineData("run", "EXPERIMENT")]
    [InlineData("run experiment.yaml --out ", "an argument is empty")]
    [InlineData("run experiment.yaml --outt x", "--outt")]
    [InlineData("simulate --engine 1", "--engine: unknown name, found '1', allowed fast, register, reference")]
    [InlineData("verify run/rtl --simulator modelsim", "--simulator: unknown name, found 'modelsim', allowed verilator, icarus")]
    [InlineData("verify images", "images: not an RTL bundle")]
    [InlineData("report images", "images")]
    [InlineData("train run/config.yaml", "--out")]
    [InlineData("lower --trained images --accelerator accelerator.yaml --out x", "images/trained.npz")]
    [InlineData("data get Own --from images", "'Own' cannot be the name of a data set")]
    [InlineData("data get other --from run", "run lacks train-images-idx3-ubyte")]
    [InlineData("data get other", "no data set 'other'")]
    [InlineData("data export other --out x", "no data set 'other'")]
    [InlineData("data export own --images 65 --out x", "--images: found 65, allowed 1..64")]
    public void Commands_that_make_no_sense_are_refused_in_a_sentence(string arguments, string words)
    {
        CommandResult result = Codesign.Run(images.Place, arguments.Split(' ')).Ended(2);
        Assert.Contains(result.Findings, finding => finding.Contains(words, StringComparison.Ordinal));
        Assert.Empty(result.Output);
        Assert.False(images.Place.Has("x"));
    }

    private static CommandResult Refused(Workspace place, string experiment)
    {
        CommandResult result = Codesign.Run(place, "run", experiment, "--out", Output, "--json").Ended(2);
        Assert.Empty(result.Output);
        Assert.False(place.Has(Output));
        return result;
    }
}
