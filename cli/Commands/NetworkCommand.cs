// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using AccelModel.Networks;
using AccelModel.Networks.Description;
using AccelModel.Networks.Generation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Networks;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign network</c>: networks by name or file with random weights; which there are; how they do on a design.</summary>
public static class NetworkCommand
{
    /// <summary>The command with its parts.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Name of a network (codesign network list shows all), or a network file (docs/network-file.md)." };
        var output = new Option<string?>("--out") { Description = "Folder that gets the integer network (docs/network-format.md)." };
        var generator = new GeneratorOptions();
        var command = new Command("network", "Networks by name or file: layers, parameters, multiply-accumulates; an integer network with random weights.") { name, output };
        generator.AddTo(command);
        command.Does((parsed, context) => Run(generator, parsed, parsed.GetValue(name)!, parsed.GetValue(output), context));

        command.Subcommands.Add(new Command("list", "List the named networks.").Does((_, context) => List(context)));
        var accelerator = new Option<string?>("--accelerator") { Description = "Accelerator YAML file; configs/accelerators/full-16x16-int8.yaml if not given." };
        var page = new Option<string?>("--out") { Description = "Writes the page to this file." };
        command.Subcommands.Add(new Command("table", "Schedule and time every named network on an accelerator: docs/networks.md.") { accelerator, page }
            .Does((parsed, context) => Table(
                parsed.GetValue(accelerator) ?? NetworkCatalogue.Accelerator, parsed.GetValue(page), context)));
        return command;
    }

    private static int Run(GeneratorOptions generator, ParseResult parsed, string name, string? output, CommandContext context)
    {
        NetworkDescription description = generator.Description(parsed, name);
        IntegerNetwork network = generator.Generate(parsed, description);
        if (output is not null)
        {
            NetworkFile.Save(network, output);
        }

        IReadOnlyDictionary<string, TensorShape> shapes = description.Shapes();
        LayerRow[] rows =
        [
            .. description.Layers.Zip(network.Layers).Select(pair => new LayerRow(
                pair.First.Name, pair.First.Kind, shapes[pair.First.Name].ToString(), pair.Second.Output.Format.ToString(), WeightFormat(pair.Second),
                pair.First.Weights(shapes[pair.First.Inputs[0]]), pair.First.Weights(shapes[pair.First.Inputs[0]]) * shapes[pair.First.Name].Height * shapes[pair.First.Name].Width)),
        ];
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new { Network = network.Name, Parameters = description.Parameters(), Macs = description.MultiplyAccumulates(), Layers = rows, Output = output }, RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        context.Output.Write(TerminalTable.Format(
            Reports.Tables.Table.Of(rows,
            [
                new("layer", "", row => row.Layer),
                new("kind", "", row => row.Kind),
                new("output", "", row => row.Shape),
                new("codes", "", row => row.Format),
                new("weights", "", row => row.WeightFormat ?? ""),
                new("weights", "count", row => row.Weights),
                new("multiply-accumulates", "", row => row.Macs),
            ]),
            TerminalStyle.ForStandardOutput));
        context.Output.WriteLine($"{network.Name}: {description.Parameters()} parameters, {description.MultiplyAccumulates()} multiply-accumulates{(output is null ? "" : $" -> {output}")}");
        return ExitCode.Success;
    }

    private static int List(CommandContext context)
    {
        var rows = NetworkCatalogue.Names.Select(name => NetworkCatalogue.Load(name))
            .Select(network => new { network.Name, Input = network.Input.ToString(), Layers = network.Layers.Length, Parameters = network.Parameters(), Macs = network.MultiplyAccumulates() })
            .ToArray();
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Networks = rows }, RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        context.Output.Write(TerminalTable.Format(
            Reports.Tables.Table.Of(rows,
            [
                new("network", "", row => row.Name),
                new("input", "", row => row.Input),
                new("layers", "", row => row.Layers),
                new("parameters", "", row => row.Parameters),
                new("multiply-accumulates", "", row => row.Macs),
            ]),
            TerminalStyle.ForStandardOutput));
        return ExitCode.Success;
    }

    private static int Table(string acceleratorFile, string? page, CommandContext context)
    {
        AcceleratorSpec accelerator = Inputs.LoadAccelerator(acceleratorFile);
        var issues = new SpecIssues();
        List<NetworkFigures> figures = [];
        foreach (string name in NetworkCatalogue.Names)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            NetworkDescription description = NetworkCatalogue.Load(name);
            IntegerNetwork network = GeneratorOptions.Generate(description, new NetworkFormats(), GeneratorOptions.DefaultSeed);
            FitRules.Check(network, null, NetworkCatalogue.FileOf(name), accelerator, YamlFile.LoadWithBase(acceleratorFile, new())!, issues);
            issues.ThrowIfAny();
            figures.Add(NetworkFigures.Of(description, network, accelerator));
        }

        if (page is not null)
        {
            AtomicFile.Write(page, NetworksPage.Format(figures, accelerator));
        }

        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Accelerator = accelerator.Name, Networks = figures, Page = page }, RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        context.Output.Write(TerminalTable.Format(NetworksPage.TableOf(figures), TerminalStyle.ForStandardOutput));
        return ExitCode.Success;
    }

    private static string? WeightFormat(Layer layer) => layer switch
    {
        Conv2dLayer convolution => convolution.WeightFormat.ToString(),
        DenseLayer dense => dense.WeightFormat.ToString(),
        _ => null,
    };

    private sealed record LayerRow(string Layer, string Kind, string Shape, string Format, string? WeightFormat, long Weights, long Macs);
}
