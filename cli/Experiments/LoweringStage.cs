// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.CommandLine;
using NnTrain.Data;
using NnTrain.Lowering;
using NnTrain.Quantizers;
using NnTrain.Training;
using Reports.Runs;
using Reports.Terminal;

namespace Cli.Experiments;

/// <summary>Trained network to integers, with the codes of all three arithmetics compared.</summary>
public static class LoweringStage
{
    private const int ImagesAtOnce = 500;

    /// <summary>Lowers, and compares the fake-quantised forward pass with integer codes on <paramref name="test"/>.</summary>
    public static (IntegerNetwork Network, TrainingOutcome Outcome) Run(TrainedNetwork trained, AcceleratorSpec accelerator, ImageSet test, CommandContext context)
    {
        IntegerNetwork network = NetworkLowering.Lower(trained, accelerator);
        ThrowIfUnfit(network, accelerator);
        context.Tell("lower: comparing the codes of the trained and the integer network ...");
        AgreementReport agreement = CodeAgreement.Compare(trained, network, test, context.Cancellation);
        int floatEpochs = trained.Epochs.Count(epoch => epoch.Phase == TrainingPhase.Float);
        return (network, new()
        {
            FloatAccuracy = trained.FloatAccuracy,
            TrainedAccuracy = agreement.TrainedAccuracy,
            QuantizedAccuracy = agreement.QuantizedAccuracy,
            TrainedQuantizedDifferences = agreement.Layers.Sum(layer => layer.Differences),
            TrainedQuantizedRate = agreement.Rate,
            Curve = [.. trained.Epochs.Select((epoch, i) => new TrainingPoint(i + 1, epoch.TrainingLoss, epoch.ValidationAccuracy))],
            Ranges = [.. trained.Ranges.Select(range => new RangePoint(floatEpochs + range.Epoch, range.Layer, range.Tensor == TensorRole.Weights, range.Limit))],
        });
    }

    /// <summary>What the recipe decides was held against the design before training; biases and scales are known only now.</summary>
    private static void ThrowIfUnfit(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        string misfits = string.Join("; ", HardwareFit.Check(network, accelerator).Select(finding => finding.Message));
        if (misfits.Length > 0)
        {
            throw new CommandException(ExitCode.BadInput, $"the trained network does not fit the accelerator: {misfits}");
        }
    }

    /// <summary>Codes in which exact integer sums and the accelerator differ, over every stored tensor of every image.</summary>
    /// <param name="simulation">What the accelerator computed.</param>
    /// <param name="test">The images.</param>
    /// <param name="wrapWidth">Bits at which the sums of the recipe wrap; null where they are exact.</param>
    /// <param name="context">Where progress goes.</param>
    public static long Differences(SimulationOutcome simulation, TestSet test, int? wrapWidth, CommandContext context)
    {
        Schedule schedule = simulation.Schedule;
        int elements = schedule.Network.Input.Elements;
        long differences = 0;
        using var progress = new TerminalProgress("compare", test.Images, "images", context.Log);
        for (int first = 0; first < test.Images; first += ImagesAtOnce)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(ImagesAtOnce, test.Images - first);
            int[] codes = test.Codes[(first * elements)..((first + count) * elements)];
            var quantized = QuantizedEvaluator.Run(schedule.Network, codes, count, wrapWidth);
            ValueResult integer = FastEngine.Execute(schedule, codes, count, new() { KeepLayerOutputs = true, Threads = Environment.ProcessorCount });
            for (int i = 0; i < schedule.Layers.Length; i++)
            {
                int[] expected = quantized[schedule.Layers[i].OutputLayer];
                differences += expected.Zip(integer.LayerOutputs[i]).LongCount(pair => pair.First != pair.Second);
            }

            progress.Report(first + count);
        }

        return differences;
    }
}
