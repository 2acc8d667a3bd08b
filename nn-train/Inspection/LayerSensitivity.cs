// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks.Description;
using AccelModel.Numerics;
using NnTrain.Data;
using NnTrain.Models;
using NnTrain.Rewriting;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Inspection;

/// <summary>How much accuracy a trained network keeps when one tensor alone has fewer bits.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Tensor">Its weights, or its output.</param>
/// <param name="Bits">Bits of that tensor.</param>
/// <param name="Accuracy">Share of the measured images that are right.</param>
public sealed record TensorSensitivity(string Layer, TensorRole Tensor, int Bits, double Accuracy);

/// <summary>
/// Sensitivity to quantisation, layer by layer: the weights that a trained network computes with are quantised anew, steps from the largest magnitude, all of them to eight bits but those of one layer or its
/// output, which have fewer. The real weights behind them are no network: batch norm knows the quantised ones, and a range may move weights, as DoReFa's tanh does. Outputs that the recipe clips at a given number are clipped there.
/// Nothing is trained; ranges come from the first training images, accuracy from the last ones.
/// </summary>
public static class LayerSensitivity
{
    /// <summary>Bits of everything but the tensor that is looked at.</summary>
    public const int OtherBits = 8;

    /// <summary>What keeps a network from being looked at in this way; null where nothing does.</summary>
    public static string? Hindrance(TrainingSpec recipe) => recipe.QuantizedPhase switch
    {
        { } phase when phase.Activations.Grid == GridKind.Bipolar || phase.Weights.Grid == GridKind.Bipolar => "signs have no bits to lose",
        { Activations.Grid: not GridKind.Unsigned } => "its outputs are not those of a ReLU, rounded",
        { Activations.Range: RangeKind.LearnedInterval } => "its trained intervals move outputs, and do not go with other bits",
        _ => null,
    };

    /// <summary>Measures.</summary>
    /// <param name="trained">The network; <see cref="Hindrance"/> finds nothing.</param>
    /// <param name="training">Its training images.</param>
    /// <param name="widths">Bits to look at, 2 to 7.</param>
    /// <param name="most">The most images to measure on.</param>
    /// <param name="after">Told after each measurement how many there were of how many.</param>
    /// <param name="cancellation">Looked at before each measurement.</param>
    /// <returns>The accuracy with eight bits everywhere, and one entry for each tensor and width.</returns>
    /// <exception cref="ArgumentException">It cannot be looked at.</exception>
    public static (double Reference, ImmutableArray<TensorSensitivity> Tensors) Of(
        TrainedNetwork trained, ImageSet training, IReadOnlyList<int> widths, int most, Action<int, int>? after = null, CancellationToken cancellation = default)
    {
        if (Hindrance(trained.Recipe) is string hindrance)
        {
            throw new ArgumentException(hindrance, nameof(trained));
        }

        ImmutableArray<BitGroup> groups = BitSearch.Groups(trained.Network, BitGroups.Layers);
        Func<ImmutableSortedDictionary<string, LayerBits>, double> accuracy = TrialAccuracy.Of(trained.Network, Calibrated(trained.Recipe), WithQuantizedWeights(trained), training, most, cancellation);
        ImmutableSortedDictionary<string, LayerBits> none = ImmutableSortedDictionary.Create<string, LayerBits>(StringComparer.Ordinal);
        int all = (groups.Length * widths.Count) + 1, done = 0;
        double Measured(ImmutableSortedDictionary<string, LayerBits> bits)
        {
            double found = accuracy(bits);
            after?.Invoke(++done, all);
            return found;
        }

        double reference = Measured(none);
        return (reference,
        [
            .. from @group in groups
               from width in widths
               select new TensorSensitivity(@group.Layers[0], @group.Activations ? TensorRole.Activations : TensorRole.Weights, width, Measured(@group.With(none, width))),
        ]);
    }

    /// <summary>The network with quantised weights in the place of the latent ones.</summary>
    private static TrainedNetwork WithQuantizedWeights(TrainedNetwork trained)
    {
        using NetworkModel model = trained.CreateModel();
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        model.eval();
        return trained with
        {
            Parameters = trained.Parameters.SetItems(model.MatrixLayers.Select(layer =>
            {
                Tensor values = layer.WeightQuantizer.Quantize(layer.Latent).Values;
                return KeyValuePair.Create($"{layer.GetName()}.weight", NpyArray.FromFloats([.. layer.WeightShape.Select(extent => (int)extent)], values.contiguous().data<float>().ToArray()));
            })),
        };
    }

    /// <summary>Eight bits everywhere, found from images.</summary>
    private static TrainingSpec Calibrated(TrainingSpec recipe)
    {
        QuantizedPhaseSpec old = recipe.QuantizedPhase ?? throw new ArgumentException("the recipe has no quantised phase, and so no rule of rounding", nameof(recipe));
        QuantizerSpec weights = new()
        {
            Bits = OtherBits,
            Grid = GridKind.SignedNarrow,
            Range = RangeKind.MinMax,
            RangeDecay = old.Weights.RangeDecay,
            Scale = ScaleKind.Free,
            Granularity = Granularity.PerTensor,
            Rounding = old.Weights.Rounding,
            Gradient = GradientKind.Ste,
        };
        bool clips = old.Activations.Range is RangeKind.Dorefa or RangeKind.Fixed;
        QuantizedPhaseSpec phase = new()
        {
            Epochs = 0,
            Optimizer = old.Optimizer,
            Schedule = old.Schedule,
            WarmStart = true,
            MultiplierWidth = old.MultiplierWidth,
            Weights = weights,
            FirstLayerWeights = weights,
            LastLayerWeights = weights,
            Activations = weights with { Grid = GridKind.Unsigned, Range = clips ? old.Activations.Range : RangeKind.MinMax, Limit = old.Activations.Limit },
            Sums = clips ? weights with { Grid = GridKind.Signed } : null,
            Output = weights with { Grid = GridKind.Signed },
        };
        return recipe with { QuantizedPhase = phase };
    }
}
