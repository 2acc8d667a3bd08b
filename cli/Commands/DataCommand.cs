// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using AccelModel.Numerics;
using Cli.CommandLine;
using Cli.Experiments;
using NnTrain.Data;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign data get NAME</c>, <c>codesign data list</c> and <c>codesign data export NAME</c>.</summary>
public static class DataCommand
{
    /// <summary>Images that are exported.</summary>
    private const int Images = 200;

    /// <summary>The command with its parts.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the data set; codesign data list shows all." };
        var from = new Option<string?>("--from") { Description = "Folder that already holds the files." };
        Command get = new Command("get", "Fetch a data set and check it.") { name, from }
            .Does((parsed, context) => Get(parsed.GetValue(name)!, parsed.GetValue(from), context));
        Command list = new Command("list", "List data sets and whether they are here.").Does((_, context) => List(context));
        Option<DatasetSplit?> split = EnumOption.Of("--split", "Which part.", DatasetSplit.Test);
        Option<int?> images = NumberOption.Of("--images", FormattableString.Invariant($"How many images, from the first; {Images} if not given."), 1, int.MaxValue);
        var output = new Option<string>("--out") { Description = "Folder that gets images.npy and labels.npy.", Required = true };
        Command export = new Command("export", "Write images and labels as .npy files, the input of simulate and export.") { name, split, images, output }
            .Does((parsed, context) => Export(parsed.GetValue(name)!, parsed.GetValue(split) ?? DatasetSplit.Test, parsed.GetValue(images) ?? Images, parsed.GetValue(output)!, context));
        return new Command("data", "Data sets.") { get, list, export };
    }

    private static int Export(string name, DatasetSplit split, int count, string directory, CommandContext context)
    {
        RequireKnown(name);
        ImageSet set = DatasetLoader.Load(name, DataFolder.Path, split);
        if (count > set.Count)
        {
            throw new CommandException(ExitCode.BadInput, $"--images: found {count}, allowed 1..{set.Count}");
        }

        new RunFolder(directory).Create();
        ImageSet few = set.Slice(0, count);
        NpyFile.Save(Path.Combine(directory, "images.npy"), NpyArray.FromIntegers<byte>(NpyType.UInt8, [count, few.Height, few.Width, few.Channels], few.Pixels));
        NpyFile.Save(Path.Combine(directory, "labels.npy"), NpyArray.FromIntegers<byte>(NpyType.UInt8, [count], few.Labels));
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Name = name, Images = count, OutputDirectory = directory }, RunSummary.JsonOptions));
        }

        context.Output.WriteLine($"{count} images of {name} -> {directory}");
        return ExitCode.Success;
    }

    private static int Get(string name, string? from, CommandContext context)
    {
        if (from is null)
        {
            RequireKnown(name);
        }

        DatasetDescription dataset = Install(name, from, context);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new { dataset.Name, dataset.TrainingImages, dataset.TestImages, Shape = new[] { dataset.Height, dataset.Width, dataset.Channels } }, RunSummary.JsonOptions));
        }

        context.Output.WriteLine($"{dataset.Title}: {dataset.TrainingImages} training and {dataset.TestImages} test images");
        return ExitCode.Success;
    }

    private static DatasetDescription Install(string name, string? from, CommandContext context)
    {
        try
        {
            return DatasetInstaller.Get(name, DataFolder.Path, new Lines(context.Log), from);
        }
        catch (DatasetException exception) when (from is not null)
        {
            throw new CommandException(ExitCode.BadInput, exception.Message, exception);
        }
    }

    /// <summary>A name that nobody knows is a mistake; a known data set whose files are not here is missing.</summary>
    private static void RequireKnown(string name)
    {
        if (!DatasetCatalogue.Names(DataFolder.Path).Contains(name))
        {
            throw new CommandException(
                ExitCode.BadInput,
                $"no data set '{name}', allowed {string.Join(", ", DatasetCatalogue.Names(DataFolder.Path))}; own IDX files become one with 'codesign data get {name} --from FOLDER'");
        }
    }

    private static int List(CommandContext context)
    {
        string root = DataFolder.Path;
        DatasetDescription[] all = [.. DatasetCatalogue.Names(root).Select(name => DatasetCatalogue.Find(name, root))];
        var rows = all.Select(dataset => new
        {
            dataset.Name,
            dataset.Title,
            Shape = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{dataset.Height}x{dataset.Width}x{dataset.Channels}"),
            dataset.TrainingImages,
            dataset.TestImages,
            Problems = DatasetLoader.Problems(dataset, root),
            dataset.GetCommand,
        }).ToList();
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Datasets = rows }, RunSummary.JsonOptions));
        }

        context.Output.Write(TerminalTable.Format(
            Table.Of(rows,
            [
                new("name", "", row => row.Name), new("title", "", row => row.Title), new("image", "", row => row.Shape),
                new("training images", "", row => row.TrainingImages), new("test images", "", row => row.TestImages),
                new("state", "", row => row.Problems.Count == 0 ? "found" : row.Problems[0]),
                new("to get it", "", row => row.Problems.Count == 0 ? "" : row.GetCommand),
            ]),
            TerminalStyle.ForStandardOutput));
        return ExitCode.Success;
    }

    private sealed class Lines(TextWriter writer) : IProgress<string>
    {
        public void Report(string value) => writer.WriteLine(value);
    }
}
