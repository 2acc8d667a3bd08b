// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Networks;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Timing;
using NnTrain.Lowering;
using NnTrain.Training;

namespace Cli.Sweeps;

/// <summary>Takes a point of a finished sweep to its network and RTL: its files are those of a run (docs/run-folder.md).</summary>
/// <param name="folder">The sweep's folder.</param>
/// <param name="context">Where it prints.</param>
public sealed class PointExport(SweepFolder folder, CommandContext context)
{
    private const int Images = 2;

    /// <summary>Writes the point of a row into a folder: <c>accelerator.yaml</c>, <c>schedule.yaml</c>, <c>network/</c> and <c>rtl/</c>.</summary>
    /// <param name="table">The table.</param>
    /// <param name="row">The row.</param>
    /// <param name="directory">Where to.</param>
    /// <exception cref="CommandException">The sweep's file is not there any more, or says something else.</exception>
    public void Write(ResultTable table, IReadOnlyList<string> row, string directory)
    {
        SweepSpec sweep = folder.Load();
        int[] point = RowDesigns.Find(sweep, folder, table.KeysOf(row));
        (IntegerNetwork network, AcceleratorSpec accelerator, TestSet test) = sweep.NeedsValues ? WithValues(sweep, row[0], point, (int?)table.ValueOf(row, Metrics.MetricTable.Named("training_epochs")!)) : WithoutValues(sweep, point);
        Schedule schedule = sweep.NeedsValues ? ScheduleOptimizer.Schedule(network, accelerator) : Scheduler.Schedule(network, accelerator);
        TimingResult timing = FastEngine.Time(schedule);
        if (table.ValueOf(row, Metrics.MetricTable.Find("cycles_per_inference", out _)!) != timing.Cycles)
        {
            throw new CommandException(ExitCode.CheckFailed, FormattableString.Invariant(
                $"{folder.Root}: {row[0]} takes {timing.Cycles} cycles now, found another number in its row: the sweep was made by another build, or its files changed; resume it first"));
        }

        var run = new RunFolder(directory);
        run.Create();
        AtomicFile.Write(Path.Combine(directory, "accelerator.yaml"), YamlText.Of(
        [
            ("name", accelerator.Name), ("clock_mhz", accelerator.ClockMhz), .. typeof(AcceleratorSpec).GetProperties().Where(member => member.SetMethod is not null)
                .Where(member => member.Name is not (nameof(AcceleratorSpec.Name) or nameof(AcceleratorSpec.ClockMhz)))
                .Select(member => (EnumNames.SnakeCase(member.Name), member.GetValue(accelerator))),
        ]));
        NetworkFile.Save(network, run.Network);
        AtomicFile.Write(Path.Combine(directory, "schedule.yaml"), ScheduleFile.Write(schedule));
        ExportStage.Write(schedule, timing, test, Images, SpecHash.Of(new object[] { accelerator, network.Name, row }), run.Rtl);
    }

    private (IntegerNetwork Network, AcceleratorSpec Accelerator, TestSet Test) WithValues(SweepSpec sweep, string id, int[] point, int? epochs)
    {
        GridPoint made = SweepGrid.PointOf(sweep, id, point);
        if (made.Experiment is not ExperimentSpec experiment)
        {
            throw new SpecException([.. made.Reasons]);
        }

        if (experiment.Stored is StoredSource stored)
        {
            return (stored.Network, experiment.Accelerator, stored.Test);
        }

        TrainedSource source = experiment.Trained!;
        TrainingImages images = TrainingImages.Of(TrainingStage.Images(source.Dataset, context));
        TrainedNetwork trained = new TrainingCache(folder.Cache, context.Log).Get(source, images, cancellation: context.Cancellation, epochs: TrainingCache.Halt(source, epochs)).Network;
        return (NetworkLowering.Lower(trained, experiment.Accelerator), experiment.Accelerator, images.Test);
    }

    private static (IntegerNetwork Network, AcceleratorSpec Accelerator, TestSet Test) WithoutValues(SweepSpec sweep, int[] point)
    {
        string problem;
        if (new SweepDesigns(sweep).Of(point, out problem) is not AcceleratorSpec accelerator || SweepNetworks.Of(sweep).Of(point, accelerator, out problem) is not TimedNetwork timed)
        {
            throw new CommandException(ExitCode.BadInput, problem);
        }

        IntegerNetwork network = timed.Make();
        return (network, accelerator, new(InputCodes.Random(GeneratorOptions.DefaultSeed, Images, network.Input).Codes, new int[Images], []));
    }
}
