// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;

namespace Cli.Experiments;

/// <summary>An experiment with every default spelled out, and its identity.</summary>
/// <param name="Yaml">Text of <c>config.yaml</c>; it can be run from its place in the run's folder, which holds the network and the images that it names.</param>
/// <param name="Sha256">SHA-256 of the canonical JSON of the experiment.</param>
public sealed record ResolvedConfiguration(string Yaml, string Sha256)
{
    /// <summary>Resolves <paramref name="experiment"/>.</summary>
    public static ResolvedConfiguration Of(ExperimentSpec experiment)
    {
        string hash = SpecHash.Of(experiment);
        var entries = new List<(string, object?)> { ("name", experiment.Name), ("description", experiment.Description.Length == 0 ? null : experiment.Description) };
        if (experiment.Trained is TrainedSource trained)
        {
            entries.AddRange([("dataset", trained.Dataset), ("network", trained.Network), ("training", trained.Training)]);
            if (trained.FloatNetwork is FloatNetworkSource start)
            {
                entries.AddRange([("float_network", RunFolder.FloatNetworkName), ("float_network_sha256", start.Sha256)]);
            }
        }

        if (experiment.Stored is StoredSource stored)
        {
            entries.AddRange(
            [
                ("integer_network", RunFolder.NetworkName), ("integer_network_sha256", stored.NetworkSha256),
                ("test_set", new TestFiles { Images = RunFolder.TestImagesName, Labels = RunFolder.TestLabelsName, Sha256 = stored.TestSha256 }),
            ]);
        }

        entries.AddRange([("accelerator", experiment.Accelerator), ("test_images", experiment.TestImages), ("verification", experiment.Verification)]);
        return new($"{RunFolder.HashPrefix}{hash}\n" + YamlText.Of(entries), hash);
    }

    private sealed record TestFiles
    {
        public required string Images { get; init; }

        public required string Labels { get; init; }

        public required string Sha256 { get; init; }
    }
}
