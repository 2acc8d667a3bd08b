// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cli.CommandLine;
using Cli.Experiments;
using NnTrain.Inspection;
using NnTrain.Quantizers;
using NnTrain.Training;
using Reports.Figures;
using Reports.Html;
using Reports.Runs;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign sensitivity RUN</c>: which layers of a trained network need their bits.</summary>
public static class SensitivityCommand
{
    private const int LeastBits = 2;
    private const int DefaultImages = 1000;
    private static readonly int[] DefaultWidths = [2, 3, 4, 6];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of a finished run that trained its network." };
        var widths = new Option<string?>("--widths") { Description = "Bits to look at, 2 to 7, with commas between them; 2,3,4,6 if not given." };
        Option<int?> images = NumberOption.Of("--images", $"Training images to measure on; {DefaultImages} if not given.", 1, 1_000_000);
        return new Command("sensitivity", "Measure how much accuracy a trained network keeps where one layer's weights or outputs alone have fewer bits, and add it to the run's report.")
        {
            run, widths, images,
        }.Does((parsed, context) => Run(new RunFolder(parsed.GetValue(run)!), Widths(parsed.GetValue(widths), widths.Name), parsed.GetValue(images) ?? DefaultImages, context));
    }

    private static int Run(RunFolder folder, IReadOnlyList<int> widths, int images, CommandContext context)
    {
        RunReportData report = ReportDataFile.Load(folder.ReportData);
        TrainedSource source = RunCommand.Load(folder.Configuration).Trained
            ?? throw new CommandException(ExitCode.BadInput, $"{folder.Configuration}: trained no network, and so has no quantisers to look at");
        TrainedNetwork trained = TrainedNetwork.Load(folder.Training);
        if (LayerSensitivity.Hindrance(trained.Recipe) is string hindrance)
        {
            throw new CommandException(ExitCode.BadInput, $"{folder.Root}: sensitivity is not measured: {hindrance}");
        }

        TrainingEnvironment.Enter(trained.Recipe.Threads);
        NnTrain.Data.ImageSet training = TrainingStage.Images(source.Dataset, context).Training;
        SensitivityData data = Measured(trained, training, widths, images, context);
        report = report with { Sensitivity = data };
        AtomicFile.Write(folder.Sensitivity, CsvTable.Format(RunTables.Sensitivity(data)));
        ReportDataFile.Save(folder.ReportData, report);
        string page = ReportFiles.Write(RunReport.Build(report), folder.Root, FigureRenderers.Default);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(data, RunSummary.JsonOptions));
        }

        context.Output.Write(TerminalTable.Format(RunTables.Sensitivity(data), TerminalStyle.ForStandardOutput));
        context.Output.WriteLine(FormattableString.Invariant($"all of {data.OtherBits} bits: {data.Reference:P2} of {data.Images} training images; nothing was trained"));
        context.Output.WriteLine($"report: {page}");
        return ExitCode.Success;
    }

    private static SensitivityData Measured(TrainedNetwork trained, NnTrain.Data.ImageSet training, IReadOnlyList<int> widths, int images, CommandContext context)
    {
        int measured = Math.Min(images, training.Count);
        TerminalProgress? progress = null;
        try
        {
            (double reference, ImmutableArray<TensorSensitivity> tensors) = LayerSensitivity.Of(
                trained, training, widths, measured,
                (done, all) => (progress ??= new TerminalProgress("sensitivity", all, "measurements", context.Log)).Report(done),
                context.Cancellation);
            return new(
                LayerSensitivity.OtherBits, reference, measured,
                [.. tensors.Select(tensor => new SensitivityPoint(tensor.Layer, tensor.Tensor == TensorRole.Weights, tensor.Bits, tensor.Accuracy))]);
        }
        finally
        {
            progress?.Dispose();
        }
    }

    private static IReadOnlyList<int> Widths(string? text, string option)
    {
        if (text is null)
        {
            return DefaultWidths;
        }

        var widths = new SortedSet<int>();
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || bits is < LeastBits or >= LayerSensitivity.OtherBits || !widths.Add(bits))
            {
                throw new CommandException(
                    ExitCode.BadInput, $"{option}: found '{part}' in '{text}', allowed different numbers of bits from {LeastBits} to {LayerSensitivity.OtherBits - 1}, with commas between them");
            }
        }

        return [.. widths];
    }
}
