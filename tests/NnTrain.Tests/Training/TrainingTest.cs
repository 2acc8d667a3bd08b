// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Training;

/// <summary>Tests that train share the tensor library's number of threads, so they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class TrainingCollection
{
    public const string Name = "training";
}

/// <summary>Trainings in a folder that goes away with the test.</summary>
[Collection(TrainingCollection.Name)]
public abstract class TrainingTest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nn-train-");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string Folder(string name) => Path.Combine(_folder.FullName, name);

    protected TrainingPlan Plan(TrainingSpec recipe, string folder) => new()
    {
        Network = TestRecipes.SmallNetwork(),
        Recipe = recipe,
        Directory = Folder(folder),
    };

    protected TrainedNetwork Train(TrainingSpec recipe, string folder = "run") =>
        Trainer.Train(Plan(recipe, folder), SyntheticImages.Sets());

    /// <summary>Reports at once, on the thread that trains.</summary>
    protected sealed class Progress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
