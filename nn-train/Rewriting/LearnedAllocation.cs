// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using NnTrain.Data;
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Optimizers;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Rewriting;

/// <summary>
/// Bits by gradient, with the hardware in the loop: weights, clipping levels and bits (<see cref="LearnedWidth"/>) are trained together on
/// <code>
/// L = CE + price * cost(b) / cost(most bits)
/// </code>
/// cost by <see cref="HardwareCost"/>, straight lines between whole bits. Then bits are rounded, the weights forgotten, and the quantised phase trains the float network with these bits. A budget B in place of a price is a
/// constraint whose multiplier follows by dual ascent (Boyd and Vandenberghe 2004, chapter 5, for the dual; step 0.02),
/// <code>
/// L = CE + l g,   g = (cost(b) - B) / (cost(most bits) - cost(least bits)),   l = max(0, l + 0.02 g) after every step
/// </code>
/// and <see cref="WholeBits"/> makes whole bits of the learned ones that do not cost more than B by the model's own figure.
/// </summary>
public static class LearnedAllocation
{
    private const int OrderStream = 3;
    private const double BitsPerStepAtLeast = 1e-6;
    private const double DualRate = 0.02;

    /// <summary>The bits of each layer.</summary>
    /// <param name="start">The float network.</param>
    /// <param name="recipe">The recipe, whose quantised phase has the most bits.</param>
    /// <param name="images">The training images.</param>
    /// <param name="spec">What is priced, and how.</param>
    /// <param name="accelerator">The design that bits are priced on; null where none is needed.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    public static ImmutableSortedDictionary<string, LayerBits> Of(
        TrainedNetwork start, TrainingSpec recipe, ImageSet images, LearnedAllocationSpec spec, AcceleratorSpec? accelerator, CancellationToken cancellation)
    {
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        LayerSpec[] layers = [.. start.Network.MatrixLayers];
        HardwareCost cost = HardwareCost.Of(start.Network, phase, spec, accelerator);
        using DisposeScope scope = NewDisposeScope();
        using NetworkModel model = (start with { Recipe = recipe.FloatPart() with { BatchNorm = start.Recipe.BatchNorm } }).CreateModel();
        Dictionary<string, LearnedWidth> widths = [];
        foreach ((MatrixLayer layer, LayerSpec named) in model.MatrixLayers.Zip(layers).Where(pair => cost.Changes.ContainsKey(pair.Second.Name)))
        {
            ScaleGroups? groups = spec.OfWeights ? ScaleGroups.Of(phase.Weights.Granularity, layer.WeightShape) : null;
            LearnedWidth width = new(spec.LeastBits, HardwareCost.Most(phase, spec, layers, named), groups);
            widths.Add(named.Name, width);
        }

        Initialize(model, widths, images, phase);
        foreach (MatrixLayer layer in model.MatrixLayers.Where(layer => widths.ContainsKey(layer.GetName())))
        {
            LearnedWidth width = widths[layer.GetName()];
            layer.Learn(spec.OfWeights ? width : null, spec.OfWeights ? null : width);
        }

        Train(model, widths, cost, recipe, images, spec, cancellation);
        ImmutableSortedDictionary<string, LearnedBits> bits = widths.ToImmutableSortedDictionary(
            entry => entry.Key, entry => new LearnedBits(entry.Value.Bits, spec.LeastBits, cost.Changes[entry.Key]), StringComparer.Ordinal);
        return HardwareCost.LayersOf(spec, spec.Budget is double budget
            ? WholeBits.Fit(bits, cost.AtMost, whole => HardwareCost.Own(start.Network, phase, spec, accelerator, whole), budget)
            : bits.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Rounded, StringComparer.Ordinal));
    }

    /// <summary>Clipping levels start at the largest outputs of the float network.</summary>
    private static void Initialize(NetworkModel model, Dictionary<string, LearnedWidth> widths, ImageSet images, QuantizedPhaseSpec phase)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        model.eval();
        int count = Math.Min(phase.CalibrationImages ?? QuantizedPhaseSpec.DefaultCalibrationImages, images.Count);
        model.Forward(ImageBatch.Of(images, 0, count).Images, (name, output) => widths.GetValueOrDefault(name)?.Initialize(output.Values));
    }

    private static void Train(
        NetworkModel model, Dictionary<string, LearnedWidth> widths, HardwareCost cost, TrainingSpec recipe, ImageSet images, LearnedAllocationSpec spec, CancellationToken cancellation)
    {
        model.train();
        IReadOnlyList<TrainedParameter> bits = [.. widths.SelectMany(entry => entry.Value.named_parameters().Select(parameter => new TrainedParameter($"{entry.Key}.{parameter.name}", parameter.parameter, false)))];
        using Optimizer weights = Optimizer.Of(recipe.QuantizedPhase!.Optimizer is AdamSpec or SgdSpec ? recipe.QuantizedPhase.Optimizer : Adam(recipe.QuantizedPhase.Optimizer.LearningRate), ModelState.TrainedParameters(model));
        using Optimizer learned = Optimizer.Of(Adam(spec.LearningRate), bits);
        int batches = Math.Max(1, images.Count / recipe.BatchSize);
        double range = spec.Budget is null ? cost.AtMost : Math.Max(cost.AtMost - cost.AtLeast, double.Epsilon);
        double price = spec.Price ?? 0;
        for (int epoch = 0; epoch < spec.Epochs; epoch++)
        {
            int[] order = new SeededRandom(recipe.Seed, OrderStream, epoch).Permutation(images.Count);
            for (int b = 0; b < batches; b++)
            {
                cancellation.ThrowIfCancellationRequested();
                using DisposeScope scope = NewDisposeScope();
                ImageBatch batch = ImageBatch.Of(images, [.. order.Skip(b * recipe.BatchSize).Take(recipe.BatchSize)], 0, null);
                Tensor costs = Cost(widths, cost);
                Tensor loss = nn.functional.cross_entropy(model.forward(batch.Images), batch.Labels) + (costs * (price / range));
                weights.ZeroGradients();
                learned.ZeroGradients();
                loss.backward();
                long step = ((long)epoch * batches) + b;
                double left = 1 - ((double)step / (spec.Epochs * batches));
                weights.Step(recipe.QuantizedPhase.Optimizer.LearningRate * left, step);
                learned.Step(Math.Max(spec.LearningRate * left, BitsPerStepAtLeast), step);
                model.Constrain();
                using IDisposable ungraded = no_grad();
                foreach (LearnedWidth width in widths.Values)
                {
                    width.Constrain();
                }

                if (spec.Budget is double budget)
                {
                    price = Math.Max(0, price + (DualRate * (costs.item<float>() - budget) / range));
                }
            }
        }
    }

    private static Tensor Cost(Dictionary<string, LearnedWidth> widths, HardwareCost cost) =>
        widths.Select(entry => entry.Value.Interpolate(cost.Changes[entry.Key])).Aggregate((a, b) => a + b) + cost.AtMost;

    private static AdamSpec Adam(double learningRate) => new() { LearningRate = learningRate, WeightDecay = 0, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 };
}
