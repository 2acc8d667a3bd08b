// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AccelModel.Networks;
using AccelModel.Networks.Description;
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Commands;

namespace Cli.Networks;

/// <summary>Options that say which integers become of a description.</summary>
public sealed class GeneratorOptions
{
    private readonly Option<ulong?> _seed = NumberOption.Of("--seed", FormattableString.Invariant($"Seed of weights and biases; {DefaultSeed} if not given."), 0UL, ulong.MaxValue);

    private readonly Option<string?> _for = new("--for") { Description = "Accelerator YAML file: formats that it runs, where no other option says something else." };

    private readonly Option<WeightGrid?> _weights = EnumOption.Of("--weights", "Values of the weights.", WeightGrid.Integer);

    private readonly Option<int?> _weightBits = NumberOption.Of("--weight-bits", "Bits of a weight; 8 if not given.", 1, FixedPointFormat.MaxWidth);

    private readonly Option<int?> _activationBits = NumberOption.Of("--activation-bits", "Bits of the codes between layers; 1 for -1 and +1; 8 if not given.", 1, FixedPointFormat.MaxWidth);

    private readonly Option<bool> _signed = new("--signed-activations") { Description = "All codes are signed, also those that cannot be negative." };

    private readonly Option<ScaleKind?> _scale = EnumOption.Of("--scale", "How sums become codes.", ScaleKind.MultiplierShift);

    private readonly Option<RoundingMode?> _rounding = EnumOption.Of("--rounding", "Rounding of every shift.", RoundingMode.HalfUp);

    private readonly Option<string[]> _layers = new("--layer")
    {
        Description = "Formats of one layer, as conv1:weight_bits=8,activation_bits=4,weights=ternary; once for each layer.",
        HelpName = "NAME:KEY=VALUE,...",
    };

    private readonly Option<(int Height, int Width)?> _inputSize = new("--input-size")
    {
        Description = "Height and width of the input, as 64 or 48x64, in place of the file's.",
        HelpName = "SIZE|HEIGHTxWIDTH",
        CustomParser = Size,
    };

    /// <summary>The seed where none is given.</summary>
    public const ulong DefaultSeed = 1;

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_seed, _for, _weights, _weightBits, _activationBits, _signed, _scale, _rounding, _layers, _inputSize])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The description that a command line means.</summary>
    public NetworkDescription Description(ParseResult parsed, string nameOrFile) => NetworkCatalogue.Load(nameOrFile, parsed.GetValue(_inputSize));

    /// <summary>Its integers.</summary>
    /// <exception cref="CommandException">No network has such formats.</exception>
    /// <exception cref="SpecException">Anything is wrong with the design's file.</exception>
    public IntegerNetwork Generate(ParseResult parsed, NetworkDescription description)
    {
        AcceleratorSpec? design = parsed.GetValue(_for) is string file ? Inputs.LoadAccelerator(file) : null;
        NetworkFormats formats = design is null ? new() : NetworkFormats.For(design);
        IntegerNetwork network = Generate(
            description,
            formats with
            {
                Weights = parsed.GetValue(_weights) ?? formats.Weights,
                WeightBits = parsed.GetValue(_weightBits) ?? formats.WeightBits,
                ActivationBits = parsed.GetValue(_activationBits) ?? formats.ActivationBits,
                SignedActivations = parsed.GetValue(_signed),
                Scale = parsed.GetValue(_scale) ?? formats.Scale,
                Rounding = parsed.GetValue(_rounding) ?? formats.Rounding,
                Layers = (parsed.GetValue(_layers) ?? []).Aggregate(ImmutableDictionary<string, LayerFormats>.Empty, AddLayer),
            },
            parsed.GetValue(_seed) ?? DefaultSeed);
        return design is null ? network : FittedNetwork.Of(network, design);
    }

    /// <summary>The integers of a description in formats that a design runs.</summary>
    /// <exception cref="CommandException">No network has such formats.</exception>
    public static IntegerNetwork Generate(NetworkDescription description, AcceleratorSpec design) => FittedNetwork.Of(Generate(description, NetworkFormats.For(design), DefaultSeed), design);

    /// <summary>The integers of a description.</summary>
    /// <exception cref="CommandException">No network has such formats.</exception>
    public static IntegerNetwork Generate(NetworkDescription description, NetworkFormats formats, ulong seed)
    {
        ImmutableArray<string> problems = NetworkGenerator.Problems(description, formats);
        return problems.IsEmpty
            ? NetworkGenerator.Generate(description, formats, seed)
            : throw new CommandException(ExitCode.BadInput, $"{description.Name}: {problems[0]}{(problems.Length > 1 ? $"; and {problems.Length - 1} more like it" : "")}");
    }

    private static ImmutableDictionary<string, LayerFormats> AddLayer(ImmutableDictionary<string, LayerFormats> layers, string text)
    {
        string[] parts = text.Split(':', 2);
        LayerFormats formats = layers.GetValueOrDefault(parts[0]) ?? new();
        foreach (string setting in parts.Length == 2 ? parts[1].Split(',') : [""])
        {
            string[] pair = setting.Split('=', 2);
            bool isNumber = int.TryParse(pair[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int bits);
            formats = (pair[0], pair.Length) switch
            {
                ("weight_bits", 2) when isNumber => formats with { WeightBits = bits },
                ("activation_bits", 2) when isNumber => formats with { ActivationBits = bits },
                ("weights", 2) when EnumNames.TryParse(pair[1], out WeightGrid grid) => formats with { Weights = grid },
                _ => throw new CommandException(
                    ExitCode.BadInput, $"--layer: found '{text}', allowed NAME:KEY=VALUE,... with weight_bits, activation_bits (numbers), weights ({string.Join(", ", EnumNames.All<WeightGrid>())})"),
            };
        }

        return layers.SetItem(parts[0], formats);
    }

    private static (int Height, int Width)? Size(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        string[] parts = text.Split('x');
        if (parts.Length is 1 or 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int height) && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int width))
        {
            return (height, width);
        }

        result.AddError($"--input-size: found '{text}', allowed SIZE or HEIGHTxWIDTH");
        return null;
    }
}
