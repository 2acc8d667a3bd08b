// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using NnTrain.Specification;

namespace NnTrain.Tests.Training;

/// <summary>The kept recipes, cut down to seconds, and a network for images of 8 x 8 pixels.</summary>
internal static class TestRecipes
{
    public static NetworkSpec SmallNetwork(int channels = 1) => new()
    {
        Name = "small",
        Input = new FeatureShape(8, 8, channels),
        Layers =
        [
            new ConvolutionSpec { Name = "conv1", Channels = 6, Kernel = 3, Stride = 1, Padding = 1 },
            new MaxPoolSpec { Name = "pool1", Window = 2, Stride = 2 },
            new ConvolutionSpec { Name = "conv2", Channels = 8, Kernel = 2, Stride = 1, Padding = 0 },
            new FlattenSpec { Name = "flatten" },
            new DenseSpec { Name = "dense1", Outputs = 16 },
            new DenseSpec { Name = "dense2", Outputs = SyntheticImages.Classes },
        ],
    };

    /// <summary>A kept recipe with few epochs of small batches on one thread.</summary>
    public static TrainingSpec Short(string name, int epochs = 2)
    {
        TrainingSpec recipe = Load(name);
        return recipe with
        {
            Threads = 1,
            BatchSize = 16,
            FloatPhase = recipe.FloatPhase is null ? null : recipe.FloatPhase with { Epochs = epochs },
            QuantizedPhase = recipe.QuantizedPhase is null ? null : recipe.QuantizedPhase with { Epochs = recipe.QuantizedPhase.Epochs == 0 ? 0 : epochs },
        };
    }

    public static TrainingSpec Load(string name)
    {
        SpecIssues issues = [];
        TrainingSpec? recipe = TrainingSpecFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", "training", name + ".yaml"), issues);
        issues.ThrowIfAny();
        return recipe!;
    }
}
