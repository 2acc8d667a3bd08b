// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Whatever is in a directory, loading gives a network or findings, and no exception.</summary>
public sealed class NetworkFileFuzzTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void A_directory_with_damaged_bytes_gives_a_network_or_findings(int seed, bool branches)
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(branches ? TestNetworks.Branches() : TestNetworks.Chain(), folder["a"]);
        string[] paths = [.. Directory.GetFiles(folder["a"]).Order(StringComparer.Ordinal)];
        Random random = new(seed);
        int refused = 0;
        for (int i = 0; i < 150; i++)
        {
            string path = random.Next(2) == 0 ? paths.Single(file => file.EndsWith("network.json", StringComparison.Ordinal)) : paths[random.Next(paths.Length)];
            byte[] whole = File.ReadAllBytes(path);
            File.WriteAllBytes(path, Damaged(whole, random));
            SpecIssues issues = [];
            IntegerNetwork? network = NetworkFile.Load(folder["a"], issues);
            Assert.Equal(network is null, issues.Count > 0);
            refused += issues.Count > 0 ? 1 : 0;
            File.WriteAllBytes(path, whole);
        }
        Assert.InRange(refused, 100, 150);
    }

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        byte[] copy = [.. bytes];
        int at = random.Next(copy.Length);
        switch (random.Next(4))
        {
            case 0:
                copy[at] = (byte)random.Next(256);
                return copy;
            case 1:
                return copy[..at];
            case 2:
                return [.. copy[..at], .. copy[Math.Min(copy.Length, at + random.Next(20))..]];
            default:
                return [.. copy[..at], .. copy[random.Next(copy.Length)..]];
        }
    }
}
