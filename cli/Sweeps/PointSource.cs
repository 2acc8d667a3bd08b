// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Specification;
using Cli.Experiments;
using NnTrain.Lowering;
using NnTrain.Training;

namespace Cli.Sweeps;

/// <summary>Where points take their integer network from; points with one source share what it costs.</summary>
/// <param name="key">What the source depends on, as a hash.</param>
/// <param name="test">The test images.</param>
public abstract class PointSource(string key, TestSet test)
{
    /// <summary>What the source depends on, as a hash.</summary>
    public string Key { get; } = key;

    /// <summary>The test images.</summary>
    public TestSet Test { get; } = test;

    /// <summary>SHA-256 of the network; null before it is trained.</summary>
    public abstract string? NetworkSha256 { get; }

    /// <summary>Accuracy in floating point; null where nothing was trained.</summary>
    public virtual double? FloatAccuracy => null;

    /// <summary>Accuracy of the fake-quantised network; null where nothing was trained.</summary>
    public virtual double? TrainedAccuracy => null;

    /// <summary>Epochs of the quantised phase that it went through; null where nothing was trained.</summary>
    public virtual int? TrainingEpochs => null;

    /// <summary>Why no network can be had; null if there is none such reason.</summary>
    public virtual string? Failure => null;

    /// <summary>The integers for a design.</summary>
    /// <exception cref="LoweringException">The network has none there.</exception>
    public abstract IntegerNetwork Lower(AcceleratorSpec accelerator);
}

/// <summary>An integer network on disk.</summary>
public sealed class StoredPointSource(StoredSource stored) : PointSource(SpecHash.Of(stored), stored.Test)
{
    /// <inheritdoc/>
    public override string NetworkSha256 => stored.NetworkSha256;

    /// <inheritdoc/>
    public override IntegerNetwork Lower(AcceleratorSpec accelerator) => stored.Network;
}

/// <summary>A recipe. Of a design lowering reads the requantiser and nothing else, so designs with the same one share the integers.</summary>
/// <param name="source">Topology and recipe.</param>
/// <param name="images">Images to train on.</param>
/// <param name="epochs">Epochs of the quantised phase after which the training halts; null for all.</param>
public sealed class TrainedPointSource(TrainedSource source, TrainingImages images, int? epochs = null)
    : PointSource(epochs is null ? TrainingCache.KeyOf(source, images) : SpecHash.Of(new object?[] { TrainingCache.KeyOf(source, images), epochs }), images.Test)
{
    private readonly Dictionary<string, IntegerNetwork> _lowered = [];
    private CachedTraining? _trained;
    private string? _failure;

    /// <summary>Topology and recipe.</summary>
    public TrainedSource Source { get; } = source;

    /// <summary>Images to train on.</summary>
    public TrainingImages Images { get; } = images;

    /// <summary>Epochs of the quantised phase after which the training halts; null for all.</summary>
    public int? Epochs { get; } = epochs;

    /// <inheritdoc/>
    public override string? NetworkSha256 => _trained?.Sha256;

    /// <inheritdoc/>
    public override double? FloatAccuracy => _trained?.Network.FloatAccuracy;

    /// <inheritdoc/>
    public override double? TrainedAccuracy => _trained?.Network.TrainedAccuracy;

    /// <inheritdoc/>
    public override int? TrainingEpochs => _trained?.Network.Epochs.Count(epoch => epoch.Phase == TrainingPhase.Quantized);

    /// <inheritdoc/>
    public override string? Failure => _failure;

    /// <summary>The training succeeded.</summary>
    public void Set(CachedTraining trained) => _trained = trained;

    /// <summary>The training failed.</summary>
    public void SetFailure(string reason) => _failure = reason;

    /// <inheritdoc/>
    public override IntegerNetwork Lower(AcceleratorSpec accelerator)
    {
        string key = SpecHash.Of(accelerator.Requantizer);
        lock (_lowered)
        {
            if (!_lowered.TryGetValue(key, out IntegerNetwork? network))
            {
                network = NetworkLowering.Lower(_trained?.Network ?? throw new InvalidOperationException("the network is not trained yet"), accelerator);
                _lowered.Add(key, network);
            }

            return network;
        }
    }
}
