// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using AccelModel.Networks;
using AccelModel.Specification;
using NnTrain.Specification;
using NnTrain.Training;

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
public sealed record TrainedSource(string Dataset, NetworkSpec Network, TrainingSpec Training)
{
    /// <summary>A trained network whose floating-point weights replace the recipe's float phase; null to train them.</summary>
    public FloatNetworkSource? FloatNetwork { get; init; }

    /// <summary>The design that the recipe's bits are priced on; null where they are not.</summary>
    [JsonIgnore]
    public AcceleratorSpec? Accelerator { get; init; }
}

/// <summary>A float checkpoint to start from. What it holds is part of the experiment's identity, where it lies is not.</summary>
/// <param name="network">The network.</param>
/// <param name="sha256">SHA-256 of its <c>trained.npz</c>.</param>
public sealed class FloatNetworkSource(TrainedNetwork network, string sha256)
{
    /// <summary>SHA-256 of the trained network's file.</summary>
    public string Sha256 { get; init; } = sha256;

    /// <summary>The trained network.</summary>
    public TrainedNetwork Network { get; } = network;
}

/// <summary>A finished integer network with test images. What they hold is part of the experiment's identity, where they lie is not.</summary>
/// <param name="networkDirectory">Folder in the network format.</param>
/// <param name="network">The network in it.</param>
/// <param name="test">Test images.</param>
public sealed class StoredSource(string networkDirectory, IntegerNetwork network, TestSet test)
{
    /// <summary>SHA-256 of the network's canonical JSON.</summary>
    public string NetworkSha256 { get; init; } = SpecHash.Of(network);

    /// <summary><see cref="TestSet.Sha256"/> of the test images.</summary>
    public string TestSha256 { get; init; } = test.Sha256();

    /// <summary>Folder in the network format.</summary>
    public string NetworkDirectory { get; } = networkDirectory;

    /// <summary>The network.</summary>
    public IntegerNetwork Network { get; } = network;

    /// <summary>All test images.</summary>
    public TestSet Test { get; } = test;
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
