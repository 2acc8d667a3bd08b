// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Devices;
using Cli.Experiments;
using Cli.Sweeps;
using NnTrain.Specification;
using NnTrain.Lowering;
using NnTrain.Training;

namespace Cli.Results;

/// <summary>The folder in which results come together.</summary>
/// <param name="Root">The folder.</param>
public sealed record ResultsFolder(string Root)
{
    /// <summary>What the folder is of; written first.</summary>
    public string Mark => Path.Combine(Root, "results.txt");

    /// <summary>Trainings by what they depend on.</summary>
    public string Cache => Path.Combine(Root, "cache");

    /// <summary>The page, with the experiments that are finished.</summary>
    public string Page => Path.Combine(Root, "results.md");

    /// <summary>The result of an experiment.</summary>
    public string ResultOf(string experiment) => Path.Combine(Root, "experiments", experiment + ".json");
}

/// <summary>Trains and runs the experiments of a list; finished trainings and results are kept, a float network that several start from is trained once.</summary>
/// <param name="list">The list.</param>
/// <param name="folder">Where its files go.</param>
/// <param name="images">The images of a data set, by its name.</param>
/// <param name="context">Where it prints, and when to stop.</param>
public sealed class ResultsRunner(ResultsList list, ResultsFolder folder, Func<string, ImageSets> images, CommandContext context)
{
    private readonly TrainingCache _cache = new(folder.Cache, context.Log) { KeepsTime = true };
    private readonly TrainingImagesByName _images = new(images);

    /// <summary>Runs what is not finished; the results stand beside the list's entries, null where there is none.</summary>
    /// <param name="resume">Whether to go on with what the folder holds.</param>
    /// <param name="only">Name of the one experiment to run; null for all.</param>
    /// <exception cref="CommandException">The folder cannot be used, or there is no such experiment.</exception>
    public ImmutableArray<ExperimentResult?> Run(bool resume, string? only)
    {
        if (only is not null && list.Entries.All(entry => entry.Experiment.Name != only))
        {
            throw new CommandException(ExitCode.BadInput, $"--only {only}: not in the list, allowed {string.Join(", ", list.Entries.Select(entry => entry.Experiment.Name))}");
        }

        WorkFolder.Check(folder.Root, folder.Mark, resume, "results");
        foreach (ResultEntry entry in list.Entries.Where(entry => only is null || entry.Experiment.Name == only))
        {
            _images.Of(entry.Experiment.Trained!.Dataset);
        }

        new RunFolder(folder.Root).Create();
        AtomicFile.Write(folder.Mark, $"{list.Title}\n");
        return [.. list.Entries.Select(entry => Result(entry, run: only is null || entry.Experiment.Name == only))];
    }

    private ExperimentResult? Result(ResultEntry entry, bool run)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        ExperimentSpec experiment = entry.Experiment;
        TrainedSource source = experiment.Trained!;
        string file = folder.ResultOf(experiment.Name);
        ExperimentResult? kept = ResultFile.Load<ExperimentResult>(file, context.Log);
        if (kept is null && !run)
        {
            return null;
        }

        TrainingImages data = _images.Of(source.Dataset);
        string key = SpecHash.Of(new object[] { TrainingCache.KeyOf(source, data), experiment.Accelerator, experiment.TestImages, DesignArea.Identity });
        if (kept is not null && kept.Key == key && (kept.Stored is not null || kept.Hardware is null))
        {
            context.Tell($"{experiment.Name}: finished before, kept");
            return kept;
        }

        if (!run)
        {
            return null;
        }

        context.Tell($"{experiment.Name}: {entry.Method}");
        ExperimentResult result = Measure(experiment, Train(source, data), data) with { Key = key, TrainingSeconds = _cache.SecondsOf(source, data) };
        ResultFile.Save(file, result);
        return result;
    }

    private TrainedNetwork Train(TrainedSource source, TrainingImages data)
    {
        using var progress = TrainingsProgress.Of(_cache.Missing([(source, data)]), context.Log);
        return _cache.Get(source, data, progress: progress.Listener, cancellation: context.Cancellation).Network;
    }

    private ExperimentResult Measure(ExperimentSpec experiment, TrainedNetwork trained, TrainingImages data)
    {
        TrainingSpec recipe = trained.Recipe;
        ExperimentResult result = new()
        {
            Key = "",
            ConfigSha256 = ResolvedConfiguration.Of(experiment).Sha256,
            Dataset = experiment.Trained!.Dataset,
            Network = trained.Network.Name,
            Seed = recipe.Seed,
            FloatEpochs = recipe.FloatPhase?.Epochs ?? 0,
            QuantizedEpochs = recipe.QuantizedPhase?.Epochs ?? 0,
            Environment = trained.Environment,
            FloatAccuracy = trained.FloatAccuracy,
            Stored = StoredBits.Of(trained),
        };
        if (recipe.QuantizedPhase is null)
        {
            return result;
        }

        TestSet test = data.Test.Take(experiment.TestImages);
        (IntegerNetwork network, TrainingOutcome outcome) =
            LoweringStage.Run(trained, experiment.Accelerator, data.Sets.Test.Slice(0, test.Images), context);
        return result with { PowerOfTwoShare = PowerOfTwoShare(network), Hardware = Execute(experiment, trained, network, outcome, test) };
    }

    private static double PowerOfTwoShare(IntegerNetwork network)
    {
        int[] weights = [.. network.Layers.SelectMany(layer => layer switch
        {
            Conv2dLayer convolution => convolution.Weights.Values,
            DenseLayer dense => dense.Weights.Values,
            _ => [],
        })];
        return (double)weights.Count(weight => int.PopCount(Math.Abs(weight)) <= 1) / weights.Length;
    }

    private HardwareResult Execute(ExperimentSpec experiment, TrainedNetwork trained, IntegerNetwork network, TrainingOutcome outcome, TestSet test)
    {
        SimulationOutcome simulation = SimulationStage.Run(network, experiment.Accelerator, test, context);
        return new()
        {
            TestImages = test.Images,
            TrainedAccuracy = outcome.TrainedAccuracy ?? 0,
            QuantizedAccuracy = outcome.QuantizedAccuracy,
            IntegerAccuracy = simulation.Classification.Accuracy,
            TrainedQuantizedDifferences = outcome.TrainedQuantizedDifferences,
            TrainedQuantizedRate = outcome.TrainedQuantizedRate,
            QuantizedIntegerDifferences = experiment.Accelerator.Requantizer.Rounding == RoundingMode.Stochastic
                ? null
                : LoweringStage.Differences(simulation, test, CodeAgreement.WrapWidth(trained.Recipe), context),
            Accelerator = experiment.Accelerator.Name,
            CyclesPerInference = simulation.Timing.Cycles,
            LatencyUs = simulation.Timing.Cycles / experiment.Accelerator.ClockMhz,
            Lut = DesignArea.Of(experiment.Accelerator).Resources.Lut,
            EnergyNj = EnergyModel.Layers(simulation.Schedule, simulation.Timing, EnergyTechnology.Horowitz45).Sum(layer => layer.Sum(part => part.Nanojoules)),
            Overflows = simulation.Values.Overflows.Sum(layer => layer.PartialSums + layer.Accumulators),
        };
    }
}
