// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using NnTrain.Quantizers;

namespace NnTrain.Specification;

/// <summary>Which recipes fit which topologies; one rule a statement, at keys of the recipe.</summary>
public static class NetworkRules
{
    /// <summary>Everything of a recipe that does not fit a network.</summary>
    public static IEnumerable<Finding> Check(NetworkSpec network, TrainingSpec recipe)
    {
        if (recipe.QuantizedPhase is not QuantizedPhaseSpec phase)
        {
            yield break;
        }

        LayerSpec[] hidden = [.. network.Layers.SkipLast(1)];
        bool hasSums = hidden.Any(layer => layer.HasSigns || (layer is IJoiningSpec && phase.Activations.Grid != GridKind.Unsigned));
        if (hasSums && phase.Sums is null && (phase.Activations.Grid != GridKind.Unsigned || !QuantizerRules.HasSignedForm(phase.Activations.Range)))
        {
            yield return new Finding(
                "quantized_phase.sums",
                $"network '{network.Name}' has sums without an activation, which activations of the grid '{EnumNames.Of(phase.Activations.Grid)}' and the range '{EnumNames.Of(phase.Activations.Range)}' "
                + "have no signed form for, found no sums, allowed a sentence");
        }

        foreach (Finding finding in OneBitWithSign(network, phase))
        {
            yield return finding;
        }

        bool isChain = Enumerable.Range(0, network.Layers.Length).All(i => network.Layers[i] is not IJoiningSpec && network.Layers[i].Input is null);
        bool hasGroups = network.Layers.Any(layer => layer is ConvolutionSpec { Groups: not null });
        if (phase.PostTraining is { Split: not null } or { Prune: not null } or { ReconstructSigns: true } && (!isChain || hasGroups))
        {
            yield return new Finding(
                "quantized_phase.post_training",
                $"split, prune and reconstruct_signs know chains of layers without groups, found network '{network.Name}' with {(isChain ? "groups" : "branches")}, allowed fold_batch_norm, equalize, absorb_bias, correct_bias");
        }

        foreach (Finding finding in SharedWeights(network, phase).Concat(GivenBits(network, phase, recipe.BatchNorm)))
        {
            yield return finding;
        }

        if (phase.PostTraining is { LearnRounding: true } && hasGroups)
        {
            yield return new Finding("quantized_phase.post_training.learn_rounding", $"weights of one group are rounded together, found network '{network.Name}' with groups, allowed networks without");
        }

        if (phase.PostTraining is { CorrectWeights: not null } && hasGroups)
        {
            yield return new Finding("quantized_phase.post_training.correct_weights", $"weights of one group correct each other, found network '{network.Name}' with groups, allowed networks without");
        }
    }

    /// <summary>Outputs with signs that are told to have one bit, of which the sign would be all.</summary>
    private static IEnumerable<Finding> OneBitWithSign(NetworkSpec network, QuantizedPhaseSpec phase)
    {
        int matrices = network.MatrixLayers.Count();
        int before = 0;
        bool told = false;
        foreach (LayerSpec layer in network.Layers.Where(layer => layer is ConvolutionSpec or DenseSpec or IJoiningSpec))
        {
            bool oneBit = layer.HasSigns && phase.OutputOf(layer, before, matrices) is { Grid: GridKind.Signed or GridKind.SignedNarrow, Bits: 1 };
            before += layer is IJoiningSpec ? 0 : 1;
            if (oneBit && phase.LayerBits?.GetValueOrDefault(layer.Name)?.Activations == 1)
            {
                yield return new Finding($"quantized_phase.layer_bits.{layer.Name}.activations", $"an output with signs, found 1, allowed {LayerBits.LeastWeights}..{LayerBits.Most}");
            }
            else if (oneBit && !told)
            {
                told = true;
                yield return new Finding("quantized_phase.sums", $"network '{network.Name}' has outputs with signs ('{layer.Name}'), found activations of 1 bit and no sums, allowed a sentence of 2 bits at least");
            }
        }
    }

    /// <summary>Bits of single layers that the other parts of the sentence do not have.</summary>
    private static IEnumerable<Finding> GivenBits(NetworkSpec network, QuantizedPhaseSpec phase, BatchNormKind batchNorm)
    {
        LayerSpec[] matrices = [.. network.MatrixLayers];
        for (int i = 0; i < matrices.Length; i++)
        {
            LayerSpec layer = matrices[i];
            LayerBits? given = phase.LayerBits?.GetValueOrDefault(layer.Name);
            string key = $"quantized_phase.layer_bits.{layer.Name}";
            if (given?.Weights is not null && QuantizerRules.Misfit(phase.WeightsOf(layer.Name, i, matrices.Length), TensorRole.Weights, batchNorm) is string weights)
            {
                yield return new Finding($"{key}.weights", weights);
            }

            if (given?.Activations is int bits && i < matrices.Length - 1 && QuantizerRules.Misfit(phase.Activations with { Bits = bits }, TensorRole.Activations, batchNorm) is string activations)
            {
                yield return new Finding($"{key}.activations", activations);
            }
        }
    }

    /// <summary>Layers whose weights are no blocks of a codebook, filters that cannot be turned, and such that a text leaves without a gradient.</summary>
    private static IEnumerable<Finding> SharedWeights(NetworkSpec network, QuantizedPhaseSpec phase)
    {
        IReadOnlyDictionary<string, FeatureShape> shapes = network.Shapes();
        LayerSpec[] matrices = [.. network.MatrixLayers];
        for (int i = 0; i < matrices.Length; i++)
        {
            LayerSpec layer = matrices[i];
            QuantizerSpec weights = phase.WeightsOf(layer.Name, i, matrices.Length);
            string key = phase.LayerWeights?.ContainsKey(layer.Name) == true ? $"layer_weights.{layer.Name}"
                : i == matrices.Length - 1 ? "last_layer_weights"
                : i == 0 ? "first_layer_weights"
                : "weights";
            if (weights is { Range: RangeKind.Circulant, Orientations: int orientations } && !(layer is ConvolutionSpec turned && Quantizers.FilterOrientations.Fit(turned, orientations)))
            {
                yield return new Finding(
                    $"quantized_phase.{key}.orientations",
                    $"layer '{layer.Name}' of network '{network.Name}' has no filters to turn, found {orientations}, allowed for convolutions of odd width, 3 at least, whose channels are a multiple of it");
            }

            if (weights is { Range: RangeKind.MeanMagnitude, Reading: Reading.Code or Reading.Port } && layer is ConvolutionSpec filters
                && filters.InputsOfOutput(shapes[network.InputsOf(network.Layers.IndexOf(layer))[0]].Channels) == 1)
            {
                yield return new Finding(
                    $"quantized_phase.{key}.reading",
                    $"filters of one input channel have the factor 1 - 1/1 = 0 and do not move, found '{EnumNames.Of(weights.Reading!.Value)}' for layer '{layer.Name}' of network '{network.Name}', allowed paper, or none, or another range for this layer");
            }

            if (weights is { Range: RangeKind.ProductCodebook, Block: int block, CodebookBits: int bits })
            {
                long count = layer.Weights(shapes[network.InputsOf(network.Layers.IndexOf(layer))[0]]);
                long ofOutput = count / shapes[layer.Name].Channels;
                if (layer is ConvolutionSpec { Groups: not null } || ofOutput % block != 0)
                {
                    yield return new Finding(
                        $"quantized_phase.{key}.block",
                        $"layer '{layer.Name}' of network '{network.Name}' has {ofOutput} weights for an output{(layer is ConvolutionSpec { Groups: not null } ? ", in groups" : "")}, found {block}, allowed a divisor, for layers without groups");
                }
                else if (count / block <= 1 << bits)
                {
                    yield return new Finding(
                        $"quantized_phase.{key}.codebook_bits",
                        $"layer '{layer.Name}' of network '{network.Name}' has {count / block} blocks of weights, found {bits}, which is an entry for each, allowed fewer");
                }
            }
        }
    }
}
