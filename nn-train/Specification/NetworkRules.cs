// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

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

        bool isChain = Enumerable.Range(0, network.Layers.Length).All(i => network.Layers[i] is not IJoiningSpec && network.Layers[i].Input is null);
        bool hasGroups = network.Layers.Any(layer => layer is ConvolutionSpec { Groups: not null });
        if (phase.PostTraining is { Split: not null } or { Prune: not null } or { ReconstructSigns: true } && (!isChain || hasGroups))
        {
            yield return new Finding(
                "quantized_phase.post_training",
                $"split, prune and reconstruct_signs know chains of layers without groups, found network '{network.Name}' with {(isChain ? "groups" : "branches")}, allowed fold_batch_norm, equalize, absorb_bias, correct_bias");
        }

        if (phase.PostTraining is { CorrectWeights: not null } && hasGroups)
        {
            yield return new Finding("quantized_phase.post_training.correct_weights", $"weights of one group correct each other, found network '{network.Name}' with groups, allowed networks without");
        }
    }
}
