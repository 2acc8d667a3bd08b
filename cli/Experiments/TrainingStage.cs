// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Commands;
using NnTrain.Data;
using NnTrain.Training;
using Reports.Terminal;

namespace Cli.Experiments;

/// <summary>Topology, recipe and images to a trained network.</summary>
public static class TrainingStage
{
    /// <summary>The images of a data set, fetched if they are not there.</summary>
    public static ImageSets Images(string dataset, CommandContext context)
    {
        DatasetDescription description = DatasetCatalogue.Find(dataset, DataFolder.Path);
        if (DatasetLoader.Problems(description, DataFolder.Path).Count > 0 && description.Source is not null)
        {
            DatasetInstaller.Get(dataset, DataFolder.Path, new CallbackProgress<string>(context.Tell));
        }

        return ImageSets.Load(dataset, DataFolder.Path);
    }

    /// <summary>Trains, or takes what a resumed run had finished.</summary>
    public static TrainedNetwork Run(TrainedSource source, ImageSets images, string directory, bool resume, CommandContext context)
    {
        if (resume && File.Exists(Path.Combine(directory, TrainedNetwork.FileName)))
        {
            TrainedNetwork finished = TrainedNetwork.Load(directory);
            if (SpecHash.Of(new object[] { finished.Asked?.Network ?? finished.Network, finished.Asked?.Recipe ?? finished.Recipe }) == SpecHash.Of(new object[] { source.Network, source.Training }))
            {
                context.Tell("training: finished before, kept");
                return finished;
            }
        }

        var plan = new TrainingPlan
        {
            Network = source.Network,
            Recipe = source.Training,
            Directory = directory,
            FloatNetwork = source.FloatNetwork?.Network,
            Accelerator = source.Accelerator,
        };
        long total = TotalBatches(source, images);
        // Ranges of a float network that is given are found without a single batch.
        using TerminalProgress? progress = total == 0 ? null : new TerminalProgress("train", total, "batches", context.Log);
        TrainedNetwork trained = Trainer.Train(plan, images, new CallbackProgress<TrainingProgress>(now => progress?.Report(Done(source, now), Note(now))), context.Cancellation, resume);
        trained.Save(directory);
        return trained;
    }

    private static long TotalBatches(TrainedSource source, ImageSets images)
    {
        long perEpoch = (images.Training.Count + source.Training.BatchSize - 1) / source.Training.BatchSize;
        return perEpoch * (FloatEpochs(source) + (source.Training.QuantizedPhase?.Epochs ?? 0));
    }

    private static int FloatEpochs(TrainedSource source) => source.FloatNetwork is null ? source.Training.FloatPhase?.Epochs ?? 0 : 0;

    private static long Done(TrainedSource source, TrainingProgress now)
    {
        long before = now.Phase == TrainingPhase.Quantized ? FloatEpochs(source) : 0;
        return (before + now.Epoch) * now.Batches + now.Batch;
    }

    private static string Note(TrainingProgress now) => FormattableString.Invariant(
        $"{EnumNames.Of(now.Phase)} epoch {now.Epoch + 1}/{now.Epochs}, loss {now.Loss:0.0000}");
}
