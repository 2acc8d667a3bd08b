// SPDX-License-Identifier: Apache-2.0
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign export</c>: what it refuses, and where it says that the fault lies.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly Workspace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>The layer <c>dense2</c> alone is the first of what is exported, and the seventh of the file; its shift is not the one that the design has fixed.</summary>
    [Fact]
    public void A_layer_of_a_part_is_named_by_its_place_in_the_networks_file()
    {
        string network = Repository.PathOf("configs/networks/trained/lenet5-w4a4");
        string[] lines = File.ReadAllLines(Path.Combine(network, "network.json"));
        int line = Array.FindIndex(lines, text => text.Contains("dense2.shift.npy", StringComparison.Ordinal)) + 1;

        CommandResult result = Codesign.Run(
            _place, "export", "--network", network, "--accelerator", Repository.PathOf("configs/accelerators/up5k-4x4-w4a4.yaml"),
            "--input", Repository.PathOf("configs/networks/trained/mnist-test-200/images.npy"), "--layers", "dense2", "--out", "rtl").Ended(2);

        Assert.Contains($"network.json:{line}:18: layers[6].requantization.shift: layer 'dense2'", Assert.Single(result.Findings));
        Assert.False(_place.Has("rtl"));
    }
}
