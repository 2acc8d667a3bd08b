// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;
using NnTrain.Data;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Training;

namespace NnTrain.Rewriting;

/// <summary>From what a recipe asks of a trained float network to a plan that starts from the network as it was rewritten, with the bits that were given to its layers.</summary>
internal static class PlanRewriting
{
    /// <summary>Whether a plan asks for anything of the kind.</summary>
    public static bool IsNeeded(TrainingPlan plan) =>
        plan.Recipe.QuantizedPhase is { BitAllocation: not null }
        || plan.Recipe.QuantizedPhase?.PostTraining is PostTrainingSpec post && (post.FoldBatchNorm || post.Equalize || post.AbsorbBias || post.Split is not null || post.Prune is not null || post.ReconstructSigns);

    /// <summary>The plan that is carried out.</summary>
    /// <param name="plan">The plan that was asked for.</param>
    /// <param name="start">The float network, trained.</param>
    /// <param name="images">The training images.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    public static TrainingPlan Of(TrainingPlan plan, TrainedNetwork start, ImageSet images, CancellationToken cancellation)
    {
        QuantizedPhaseSpec phase = plan.Recipe.QuantizedPhase!;
        TrainedNetwork rewritten = phase.PostTraining is PostTrainingSpec post ? Rewritten(start, post, phase, images) : start;
        TrainingSpec recipe = plan.Recipe with
        {
            BatchNorm = rewritten.Recipe.BatchNorm,
            QuantizedPhase = phase with
            {
                BitAllocation = null,
                PostTraining = phase.PostTraining is null ? null : phase.PostTraining with { FoldBatchNorm = false, Equalize = false, AbsorbBias = false, Split = null, ReconstructSigns = false },
            },
        };
        return plan with
        {
            Network = rewritten.Network,
            FloatNetwork = rewritten,
            Recipe = recipe with
            {
                QuantizedPhase = recipe.QuantizedPhase with
                {
                    LayerBits = phase.BitAllocation switch
                    {
                        NoiseAllocationSpec noise => NoiseAllocation.Of(rewritten.Network, phase, noise),
                        HessianAllocationSpec hessian => HessianAllocation.Of(rewritten, phase, images, hessian),
                        LearnedAllocationSpec learned => LearnedAllocation.Of(rewritten, recipe, images, learned, plan.Accelerator, cancellation),
                        PolicySearchSpec policy => PolicySearch.Of(rewritten.Network, recipe, rewritten, images, policy, cancellation),
                        BitSearchSpec search => BitSearch.Of(rewritten.Network, recipe, rewritten, images, search, cancellation),
                        _ => phase.LayerBits,
                    },
                },
            },
        };
    }

    private static TrainedNetwork Rewritten(TrainedNetwork start, PostTrainingSpec post, QuantizedPhaseSpec phase, ImageSet images)
    {
        FloatNetwork network = new(start);
        if (post.FoldBatchNorm)
        {
            BatchNormFolding.Apply(network);
        }

        if (post.Equalize)
        {
            CrossLayerEqualization.Apply(network);
        }

        if (post.AbsorbBias)
        {
            BiasAbsorption.Apply(network);
        }

        if (post.Split is ChannelSplitSpec split)
        {
            int layers = network.Layers.Count;
            ChannelSplitting.Apply(network, split, layer => Grids.Of(phase.WeightsOf(layer, layers)).Highest);
        }

        if (post.ReconstructSigns)
        {
            int count = phase.CalibrationImages ?? QuantizedPhaseSpec.DefaultCalibrationImages;
            foreach (FloatLayer layer in network.Layers)
            {
                OutputReconstruction.Apply(layer, InputMoments.Of(network.ToTrained(), images, count)[layer.Name]);
            }
        }

        return post.Prune switch
        {
            { Kind: PruningKind.ScorePropagation } prune => Scored(network, prune.Share),
            { Kind: PruningKind.EnergyAware } prune => ByEnergy(network, prune.Share, phase, images),
            _ => network.ToTrained(),
        };
    }

    private static TrainedNetwork Scored(FloatNetwork network, double share)
    {
        ScorePropagation.Apply(network, share);
        return network.ToTrained();
    }

    private static TrainedNetwork ByEnergy(FloatNetwork network, double share, QuantizedPhaseSpec phase, ImageSet images)
    {
        int count = phase.CalibrationImages ?? QuantizedPhaseSpec.DefaultCalibrationImages;
        NetworkSpec topology = network.ToTrained().Network;
        IReadOnlyDictionary<string, FeatureShape> shapes = topology.Shapes();
        Dictionary<string, long> work = Enumerable.Range(0, topology.Layers.Length)
            .ToDictionary(i => topology.Layers[i].Name, i => topology.Layers[i].MultiplyAccumulates(shapes[topology.InputsOf(i)[0]]));
        foreach (FloatLayer layer in network.Layers.OrderByDescending(layer => work[layer.Name]).ToArray())
        {
            EnergyAwarePruning.Apply(layer, InputMoments.Of(network.ToTrained(), images, count)[layer.Name], share);
        }

        return network.ToTrained();
    }
}
