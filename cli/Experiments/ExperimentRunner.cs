// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Devices;
using NnTrain.Lowering;
using NnTrain.Training;
using RtlExport.Vectors;

namespace Cli.Experiments;

/// <summary>Runs one experiment from YAML to a verified RTL bundle and a report; every stage is one method from value to value.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="folder">Where its files go.</param>
/// <param name="context">Where it prints.</param>
public sealed class ExperimentRunner(ExperimentSpec experiment, RunFolder folder, CommandContext context)
{
    /// <summary>Runs all stages.</summary>
    /// <param name="resume">Whether training goes on from what an earlier, interrupted run of the same configuration left.</param>
    /// <exception cref="CommandException">The folder holds something else than a run, or, with <paramref name="resume"/>, another configuration's.</exception>
    public RunSummary Run(bool resume)
    {
        // Whatever is missing is told before anything is written or computed.
        ResolvedConfiguration configuration = ResolvedConfiguration.Of(experiment);
        folder.Check(configuration.Yaml, resume);
        RunRequirements.Check(experiment);
        ImageSets? images = experiment.Trained is TrainedSource source ? TrainingStage.Images(source.Dataset, context) : null;
        folder.Create();
        folder.Begin(configuration.Yaml, resume);

        (IntegerNetwork network, TestSet test, TrainingOutcome? training, TrainedNetwork? trained) = images is null ? Stored(experiment.Stored!) : Trained(experiment.Trained!, images, resume);
        NetworkFile.Save(network, folder.Network);
        SimulationOutcome simulation = SimulationStage.Run(network, experiment.Accelerator, test, context);
        RunSummary summary = Summarise(configuration, test, training, simulation);

        ExportStage.Write(simulation.Schedule, simulation.Timing, test, experiment.Verification.Images, configuration.Sha256, folder.Rtl, BundleContent.Default);
        summary = summary with { Verification = VerificationStage.Run(folder.Rtl, experiment.Verification.Simulator, context)?.Repeatable() };
        SimulationFiles.Write(folder.Simulation, summary, simulation.Schedule);
        RunReportStage.Write(
            summary,
            new()
            {
                Description = experiment.Description,
                ResolvedYaml = configuration.Yaml,
                Training = training,
                Grids = count => trained is null ? TrainedGrids.None : TrainedGrids.Of(trained, images!.Test, count),
                Simulation = simulation,
                Test = test,
            },
            folder);
        AtomicFile.Write(folder.Log, RunPrinter.Summary(summary, Reports.Terminal.TerminalStyle.Plain) + RunPrinter.LayerTable(summary.Layers, Reports.Terminal.TerminalStyle.Plain));
        return summary;
    }

    private (IntegerNetwork Network, TestSet Test, TrainingOutcome? Training, TrainedNetwork? Trained) Stored(StoredSource stored)
    {
        stored.Test.Save(folder.TestImages, folder.TestLabels, stored.Network.Input);
        return (stored.Network, stored.Test.Take(experiment.TestImages), null, null);
    }

    private (IntegerNetwork Network, TestSet Test, TrainingOutcome? Training, TrainedNetwork? Trained) Trained(TrainedSource source, ImageSets images, bool resume)
    {
        source.FloatNetwork?.Network.Save(folder.FloatNetwork);
        TrainedNetwork trained = TrainingStage.Run(source, images, folder.Training, resume, context);
        TestSet test = TestSet.Of(images.Test).Take(experiment.TestImages);
        (IntegerNetwork lowered, TrainingOutcome outcome) = LoweringStage.Run(trained, experiment.Accelerator, images.Test.Slice(0, test.Images), context);
        return (lowered, test, outcome, trained);
    }

    private RunSummary Summarise(ResolvedConfiguration configuration, TestSet test, TrainingOutcome? training, SimulationOutcome simulation)
    {
        TimingResult timing = simulation.Timing;
        FrameRate frames = FrameRate.Of(simulation.Schedule);
        double clock = experiment.Accelerator.ClockMhz;
        IReadOnlyList<LayerSummary> layers = LayerSummaries.Of(simulation.Schedule, timing, simulation.Values.Overflows, simulation.Widths);
        DesignArea area = DesignArea.Of(experiment.Accelerator);
        return new()
        {
            Name = experiment.Name,
            ConfigSha256 = configuration.Sha256,
            FloatAccuracy = training?.FloatAccuracy,
            TrainedAccuracy = training?.TrainedAccuracy,
            QuantizedAccuracy = training?.QuantizedAccuracy,
            IntegerAccuracy = simulation.Classification.Accuracy,
            TrainedQuantizedDifferences = training?.TrainedQuantizedDifferences,
            TrainedQuantizedRate = training?.TrainedQuantizedRate,
            QuantizedIntegerDifferences = training is null ? null : LoweringStage.Differences(simulation, test, CodeAgreement.WrapWidth(experiment.Trained!.Training), context),
            TestImages = test.Images,
            CyclesPerInference = timing.Cycles,
            LatencyUs = timing.Cycles / clock,
            CyclesPerFrame = frames.CyclesPerFrame,
            FirstFrameCycles = frames.FirstFrameCycles,
            FramesPerSecond = frames.FramesPerSecond,
            ClockMhz = clock,
            ClockProvenance = EnumNames.Of(Provenance.Assumed),
            Utilization = layers.Sum(layer => layer.Macs) / (double)(timing.Cycles * experiment.Accelerator.ProductsPerCycle),
            Overflows = layers.Sum(layer => layer.Overflows),
            ObservedImages = simulation.ObservedImages,
            Area = new(
                area.Target.Name, area.Resources.Lut, area.Resources.FlipFlops, area.Resources.Dsp, area.Resources.BlockRam, area.MemoryBits, EnumNames.Of(area.Provenance), area.Note),
            Layers = layers,
            OutputDirectory = folder.Root,
        };
    }
}
