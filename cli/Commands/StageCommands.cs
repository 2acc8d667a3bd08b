// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Comparison;
using Cli.Experiments;
using NnTrain.Lowering;
using NnTrain.Training;
using Reports.Figures;
using Reports.Html;
using Reports.Runs;
using RtlExport.Vectors;

namespace Cli.Commands;

/// <summary>Single stages from files to files: <c>train</c>, <c>lower</c>, <c>export</c>, <c>report</c>.</summary>
public static class StageCommands
{
    /// <summary><c>codesign train EXPERIMENT.yaml --out DIR</c>.</summary>
    public static Command Train()
    {
        var experiment = new Argument<string>("EXPERIMENT") { Description = "Experiment YAML file with a training recipe." };
        var output = new Option<string>("--out") { Description = "Folder of the trained network, its checkpoint and history.", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Go on from the folder's checkpoint." };
        return new Command("train", "Train a network; the folder that it writes is the input of lower.") { experiment, output, resume }.Does((parsed, context) =>
        {
            string file = parsed.GetValue(experiment)!;
            TrainedSource source = RunCommand.Load(file).Trained
                ?? throw new CommandException(ExitCode.BadInput, $"{file}: has no training: it names a finished integer network");
            string directory = parsed.GetValue(output)!;
            new RunFolder(directory).Create();
            TrainedNetwork trained = TrainingStage.Run(source, TrainingStage.Images(source.Dataset, context), directory, parsed.GetValue(resume), context);
            Print(context, new { trained.FloatAccuracy, trained.TrainedAccuracy, OutputDirectory = directory },
                FormattableString.Invariant($"float accuracy {trained.FloatAccuracy:P2}, trained accuracy {trained.TrainedAccuracy:P2} -> {directory}"));
            return ExitCode.Success;
        });
    }

    /// <summary><c>codesign lower --trained DIR --accelerator FILE --out DIR</c>.</summary>
    public static Command Lower()
    {
        var trained = new Option<string>("--trained") { Description = "Folder that train wrote.", Required = true };
        var accelerator = new Option<string>("--accelerator") { Description = "Accelerator YAML file.", Required = true };
        var output = new Option<string>("--out") { Description = "Folder of the integer network.", Required = true };
        return new Command("lower", "Turn a trained network into integers for an accelerator.") { trained, accelerator, output }.Does((parsed, context) =>
        {
            AcceleratorSpec design = Inputs.LoadAccelerator(parsed.GetValue(accelerator)!);
            TrainedNetwork source = TrainedNetwork.Load(parsed.GetValue(trained)!);
            if (source.Recipe.QuantizedPhase is null)
            {
                throw new CommandException(ExitCode.BadInput, $"{parsed.GetValue(trained)}: recipe '{source.Recipe.Name}' is in floating point only, there are no codes to lower");
            }

            IntegerNetwork network = NetworkLowering.Lower(source, design);
            string directory = parsed.GetValue(output)!;
            new RunFolder(directory).Create();
            NetworkFile.Save(network, directory);
            Print(context, new { network.Name, Layers = network.Layers.Length, OutputDirectory = directory }, $"{network.Name}: {network.Layers.Length} layers -> {directory}");
            return ExitCode.Success;
        });
    }

    /// <summary><c>codesign export --network DIR --accelerator FILE --input X.npy --out DIR</c>.</summary>
    public static Command Export()
    {
        var network = new Option<string>("--network") { Description = "Folder of an integer network.", Required = true };
        var accelerator = new Option<string>("--accelerator") { Description = "Accelerator YAML file.", Required = true };
        var input = new Option<string>("--input") { Description = "Input codes, .npy; each image becomes vectors of every layer.", Required = true };
        var output = new Option<string>("--out") { Description = "Folder of the RTL bundle.", Required = true };
        var layers = new Option<string?>("--layers") { Description = "Only these layers, NAME or FIRST..LAST: --input still enters the whole network, and what comes to the first of them is what enters the RTL." };
        Option<string> formats = FormatsOption.Create();
        return new Command("export", "Write RTL, parameter headers, programs, memory images and test vectors.") { network, accelerator, input, output, layers, formats }.Does((parsed, context) =>
        {
            BundleContent content = BundleContent.Default with { Formats = FormatsOption.Read(parsed.GetValue(formats)) };
            string networkDirectory = parsed.GetValue(network)!, acceleratorFile = parsed.GetValue(accelerator)!, inputFile = parsed.GetValue(input)!;
            (IntegerNetwork loaded, AcceleratorSpec design) = Inputs.Load(networkDirectory, acceleratorFile);
            InputCodes images = InputCodes.Load(inputFile, loaded.Input);
            int firstLayer = 0;
            if (parsed.GetValue(layers) is string cut)
            {
                (loaded, images, firstLayer) = Cut(loaded, images, cut, layers.Name);
            }

            Schedule schedule = Inputs.Schedule(loaded, networkDirectory, design, acceleratorFile, firstLayer: firstLayer);
            var test = new TestSet(images.Codes, new int[images.Images], []);
            string directory = parsed.GetValue(output)!;
            string hash = SpecHash.Of(new object[] { design, loaded });
            new RunFolder(directory).Create();
            ExportStage.Write(schedule, FastEngine.Time(schedule), test, test.Images, hash, directory, content);
            Print(context, new { test.Images, ConfigSha256 = hash, OutputDirectory = directory }, $"{test.Images} image(s) -> {directory}");
            return ExitCode.Success;
        });
    }

    /// <summary>Some layers of a network, the codes that come to them, and the position of the first of them.</summary>
    private static (IntegerNetwork Network, InputCodes Images, int FirstLayer) Cut(IntegerNetwork network, InputCodes images, string layers, string option)
    {
        string[] names = layers.Split("..");
        try
        {
            return (NetworkCut.Layers(network, names[0], names[^1]), images with { Codes = NetworkCut.InputOf(network, names[0], images.Codes, images.Images) }, NetworkCut.IndexOf(network, names[0]));
        }
        catch (ArgumentException exception)
        {
            throw new CommandException(ExitCode.BadInput, $"{option}: {exception.Message}, found '{layers}'");
        }
    }

    /// <summary><c>codesign report RUN [--against OTHER]</c>.</summary>
    public static Command Report()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of a run." };
        var against = new Option<string?>("--against") { Description = "Folder of an earlier run: the report then begins with what changed since, in percent." };
        return new Command("report", "Draw a run's report and figures again from its files.") { run, against }.Does((parsed, context) =>
        {
            var folder = new RunFolder(parsed.GetValue(run)!);
            RunReportData data = ReportDataFile.Load(folder.ReportData);
            if (parsed.GetValue(against) is string earlier)
            {
                data = data with { Comparison = Comparison(earlier, folder.Root) };
            }

            string page = ReportFiles.Write(RunReport.Build(data), folder.Root, FigureRenderers.Default);
            Print(context, new { Report = page, Changes = data.Comparison?.Changes.Count }, $"report: {page}");
            return ExitCode.Success;
        });
    }

    private static RunComparison Comparison(string earlier, string now)
    {
        (FigureSet before, FigureSet after) = (FigureSet.Load(earlier), FigureSet.Load(now));
        return before.Kind == after.Kind
            ? new(
                ReportDataFile.Load(new RunFolder(earlier).ReportData).Name, before.Items.Sum(item => item.Figures.Count),
                [.. FigureComparison.Of(before, after).Select(difference => new RunChange(difference.Item, difference.Metric, difference.A, difference.B, difference.Change))])
            : throw new CommandException(ExitCode.BadInput, $"--against: found a {before.Kind} ({earlier}), allowed a run");
    }

    private static void Print(CommandContext context, object json, string text)
    {
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(json, RunSummary.JsonOptions));
        }

        context.Output.WriteLine(text);
    }
}
