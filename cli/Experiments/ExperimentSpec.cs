// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using NnTrain.Specification;

namespace Cli.Experiments;

/// <summary>One experiment, complete: what is trained or taken, on which hardware it runs, and how it is checked.</summary>
public sealed record ExperimentSpec
{
    /// <summary>Name of the experiment and of its folder below <c>runs</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for the report.</summary>
    public required string Description { get; init; }

    /// <summary>What is trained; null where a finished integer network is used.</summary>
    public required TrainedSource? Trained { get; init; }

    /// <summary>The finished integer network; null where one is trained.</summary>
    public required StoredSource? Stored { get; init; }

    /// <summary>The hardware.</summary>
    public required AcceleratorSpec Accelerator { get; init; }

    /// <summary>Test images that the accelerator executes.</summary>
    public required int TestImages { get; init; }

    /// <summary>The comparison with the RTL.</summary>
    public required VerificationSpec Verification { get; init; }
}

/// <summary>A network that the experiment trains.</summary>
/// <param name="Dataset">Name in the catalogue of data sets.</param>
/// <param name="Network">Topology.</param>
/// <param name="Training">Recipe.</param>
public sealed record TrainedSource(string Dataset, NetworkSpec Network, TrainingSpec Training);

/// <summary>An integer network on disk with test images of its own. Where the files lie is no part of the experiment's identity.</summary>
public sealed record StoredSource
{
    /// <summary>A network with its test images.</summary>
    /// <param name="networkDirectory">Folder in the network format.</param>
    /// <param name="networkSha256">SHA-256 of its <c>network.json</c>.</param>
    /// <param name="imagesFile">Codes, <c>.npy</c>, images first.</param>
    /// <param name="labelsFile">Labels, <c>.npy</c>, one per image.</param>
    public StoredSource(string networkDirectory, string networkSha256, string imagesFile, string labelsFile)
    {
        NetworkDirectory = networkDirectory;
        NetworkSha256 = networkSha256;
        ImagesFile = imagesFile;
        LabelsFile = labelsFile;
    }

    /// <summary>SHA-256 of the network's description.</summary>
    public string NetworkSha256 { get; init; }

    /// <summary>Folder in the network format.</summary>
    public string NetworkDirectory { get; }

    /// <summary>File of codes.</summary>
    public string ImagesFile { get; }

    /// <summary>File of labels.</summary>
    public string LabelsFile { get; }
}

/// <summary>Which simulator checks the RTL.</summary>
public enum VerificationSimulator
{
    /// <summary>Verilator where it is installed, else Icarus, else none.</summary>
    Auto,

    /// <summary>Verilator.</summary>
    Verilator,

    /// <summary>Icarus Verilog.</summary>
    Icarus,

    /// <summary>The bundle is written but not run.</summary>
    None,
}

/// <summary>How the RTL is checked.</summary>
/// <param name="Simulator">The simulator.</param>
/// <param name="Images">Images whose every layer is in the vectors.</param>
public sealed record VerificationSpec(VerificationSimulator Simulator, int Images);
