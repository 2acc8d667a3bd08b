// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.Experiments;
using Cli.Methods;
using Cli.Results;
using Xunit;

namespace EndToEnd.Methods;

/// <summary>What weights take in storage, counted by hand from the topologies.</summary>
public sealed class StoredBitsTests
{
    /// <summary>
    /// lenet5 has 150, 2,400, 48,000, 10,080 and 840 weights. bit-goes-down: eight bits in the first; 480 rows of five with six bits and 64 entries; 12,000, 2,520 and 210 blocks of four with eight, eight and five bits, 256, 256
    /// and 32 entries. cbcn: 288 and 2,880 signs, four layers of 9,216 of which a quarter is stored.
    /// </summary>
    [Theory]
    [InlineData("twn", 61470 * 2L, 2, 8)]
    [InlineData("deep-compression", 61470 * 4L, 4, 8)]
    [InlineData("bit-goes-down", 1200L + 2880 + 2560 + 96000 + 8192 + 20160 + 8192 + 1050 + 1024, 2.3, 8)]
    [InlineData("bi-real", 288L + (4 * 9216) + 2880, 1, 1)]
    [InlineData("cbcn", 288L + 9216 + 2880, 0.31, 1)]
    public void Shared_weights_are_stored_once(string id, long bits, double ofWeight, double ofActivation)
    {
        SpecIssues issues = [];
        TrainedSource source = ExperimentFile.Load(MethodCatalogue.ExperimentOf(id), [], issues)!.Trained!;

        Assert.Equal(new StoredBits(ofWeight, ofActivation, bits), StoredBits.Of(source.Network, source.Training.QuantizedPhase!));
    }
}
