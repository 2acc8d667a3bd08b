// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Data;
using NnTrain.Specification;
using NnTrain.Training;

namespace NnTrain.Rewriting;

/// <summary>
/// Bits by trial (Ristretto, Gysel et al. 2016, section 3.4; Moons et al. 2016): the widths are tried in turn for a group of tensors; the last one stays whose accuracy on training images, calibrated and not
/// trained, is no more than the margin below that of the recipe's bits. Independent: the other groups have the recipe's bits meanwhile. Greedy: they have what was found for them before. The papers keep the
/// others in real numbers; here they have the recipe's bits.
/// </summary>
public static class BitSearch
{
    /// <summary>Searches.</summary>
    /// <param name="network">The topology.</param>
    /// <param name="recipe">The recipe, whose quantised phase has the bits to begin with.</param>
    /// <param name="start">The float network.</param>
    /// <param name="images">The training images: the first calibrate, the last measure.</param>
    /// <param name="spec">What is tried.</param>
    /// <param name="cancellation">Looked at before each trial.</param>
    public static ImmutableSortedDictionary<string, LayerBits> Of(
        NetworkSpec network, TrainingSpec recipe, TrainedNetwork start, ImageSet images, BitSearchSpec spec, CancellationToken cancellation) =>
        Of(Groups(network, spec.Groups), spec, recipe.QuantizedPhase!, TrialAccuracy.Of(network, recipe, start, images, spec.Images, cancellation));

    /// <summary>The rule, on any measure of accuracy.</summary>
    /// <param name="groups">What is searched together.</param>
    /// <param name="spec">What is tried.</param>
    /// <param name="phase">The bits to begin with.</param>
    /// <param name="accuracy">The accuracy of bits.</param>
    public static ImmutableSortedDictionary<string, LayerBits> Of(
        IEnumerable<BitGroup> groups, BitSearchSpec spec, QuantizedPhaseSpec phase, Func<ImmutableSortedDictionary<string, LayerBits>, double> accuracy)
    {
        ImmutableSortedDictionary<string, LayerBits> none = ImmutableSortedDictionary.Create<string, LayerBits>(StringComparer.Ordinal);
        ImmutableSortedDictionary<string, LayerBits> found = none;
        double least = accuracy(none) - spec.Margin;
        foreach (BitGroup group in groups)
        {
            int from = group.Activations ? phase.Activations.Bits : phase.Weights.Bits;
            foreach (int width in spec.Widths.Where(width => width < from))
            {
                if (accuracy(group.With(spec.Order == SearchOrder.Greedy ? found : none, width)) < least)
                {
                    break;
                }

                found = group.With(found, width);
            }
        }

        return found;
    }

    /// <summary>The groups of a network.</summary>
    public static ImmutableArray<BitGroup> Groups(NetworkSpec network, BitGroups groups)
    {
        LayerSpec[] layers = [.. network.MatrixLayers];
        LayerSpec[] hidden = [.. layers.SkipLast(1)];
        return groups == BitGroups.Layers
            ? [.. layers.Select(layer => new BitGroup([layer.Name], false)), .. hidden.Select(layer => new BitGroup([layer.Name], true))]
            : [
                .. new[] { layers.Where(layer => layer is ConvolutionSpec), layers.Where(layer => layer is DenseSpec) }
                    .Where(kind => kind.Any()).Select(kind => new BitGroup([.. kind.Select(layer => layer.Name)], false)),
                new BitGroup([.. hidden.Select(layer => layer.Name)], true),
            ];
    }
}

/// <summary>Tensors whose bits are searched together.</summary>
/// <param name="Layers">The layers.</param>
/// <param name="Activations">Their outputs, else their weights.</param>
public sealed record BitGroup(ImmutableArray<string> Layers, bool Activations)
{
    /// <summary>Bits with a width for this group.</summary>
    public ImmutableSortedDictionary<string, LayerBits> With(ImmutableSortedDictionary<string, LayerBits> bits, int width) =>
        bits.SetItems(Layers.Select(layer =>
        {
            LayerBits old = bits.GetValueOrDefault(layer) ?? new LayerBits(null, null);
            return new KeyValuePair<string, LayerBits>(layer, Activations ? old with { Activations = width } : old with { Weights = width });
        }));
}
