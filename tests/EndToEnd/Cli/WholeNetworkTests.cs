// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign verify-networks</c> and <c>codesign verify --also</c>: whole networks, several on one compiled design.</summary>
public sealed class WholeNetworkTests
{
    private const string Network = """
        name: {0}
        input: {{height: 6, width: 6, channels: 2}}
        layers:
          - {{kind: conv2d, name: conv1, channels: {1}, kernel: 3, padding: 1}}
          - {{kind: flatten, name: flatten}}
          - {{kind: dense, name: dense1, outputs: 4}}

        """;

    [Fact]
    public void The_short_list_with_the_trained_lenet5_agrees()
    {
        using var place = new Workspace();
        JsonElement result = Codesign.Run(place, "verify-networks", Repository.PathOf("configs/verification/short.yaml"), "--json").Succeeded().Json;
        Assert.Equal(1, result.GetProperty("networks").GetInt32());
        Assert.Equal(0, result.GetProperty("bit_mismatches").GetInt64());
        Assert.Equal(0, result.GetProperty("cycle_mismatches").GetInt64());
        Assert.InRange(result.GetProperty("vectors").GetInt64(), 1000, long.MaxValue);
    }

    [Fact]
    public void Two_networks_run_on_one_compiled_design_and_a_difference_leaves_a_waveform()
    {
        using var place = new Workspace();
        string design = Repository.PathOf("configs/accelerators/tiny-4x4.yaml");
        foreach ((string name, int channels) in new[] { ("first", 3), ("second", 5) })
        {
            place.Write($"{name}.yaml", string.Format(System.Globalization.CultureInfo.InvariantCulture, Network, name, channels));
            Codesign.Run(place, "network", $"{name}.yaml", "--for", design, "--out", name).Succeeded();
            Codesign.Run(place, "export", "--network", name, "--accelerator", design, "--input", Zeros(place, 72), "--out", $"rtl-{name}").Succeeded();
        }

        (string, string)[] cache = [("CODESIGN_CACHE", place.PathOf("cache"))];
        JsonElement result = Codesign.Run(place, cache, "verify", "rtl-first", "--also", "rtl-second", "--json").Succeeded().Json;
        JsonElement[] networks = [.. result.GetProperty("networks").EnumerateArray()];
        Assert.Equal(["first", "second"], networks.Select(network => network.GetProperty("network").GetString()));
        Assert.Equal([true, false], networks.Select(network => network.GetProperty("compiled").GetBoolean()));
        Assert.Single(Directory.GetDirectories(place.PathOf("cache/benches"), "verilator-*"));

        place.Edit("rtl-first/requantizer.sv", "shifted < 64'(minimum)", "shifted <= 64'(minimum) + 64'sd3");
        CommandResult failed = Codesign.Run(place, cache, "verify", "rtl-first", "--simulator", "icarus", "--trace").Ended(1);
        Assert.Contains("waveform: ", failed.Error);
        Assert.Contains("$enddefinitions", place.Read("rtl-first/build/first_difference.vcd"));
        Assert.Contains("requantizer.sv differs", Codesign.Run(place, cache, "verify", "rtl-first", "--also", "rtl-second").Ended(2).Error);
    }

    [Fact]
    public void A_list_with_faults_is_refused_with_every_finding()
    {
        using var place = new Workspace();
        place.Write("list.yaml", "name: bad\nnetworks:\n  - {network: nonsense, accelerator: none.yaml, images: 0, colour: red}\n");
        CommandResult result = Codesign.Run(place, "verify-networks", "list.yaml").Ended(2);
        Assert.Contains(result.Findings, finding => finding.Contains("networks[0].network: no such network, found 'nonsense'", StringComparison.Ordinal));
        Assert.Contains(result.Findings, finding => finding.Contains("images: out of range, found '0'", StringComparison.Ordinal));
        Assert.Contains(result.Findings, finding => finding.Contains("colour: unknown key", StringComparison.Ordinal));
    }

    private static string Zeros(Workspace place, int elements)
    {
        // A .npy file of one image of bytes: version 1.0, header padded to 64 bytes.
        string header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': (1, {elements}), }}".PadRight(117) + "\n";
        File.WriteAllBytes(place.PathOf("input.npy"), [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. new byte[elements]]);
        return "input.npy";
    }
}
