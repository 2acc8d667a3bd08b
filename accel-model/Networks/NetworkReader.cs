// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks;

/// <summary>Reads the tree of a <c>network.json</c>: first every value, then what must hold between them.</summary>
internal sealed partial class NetworkReader
{
    private static readonly string[] Kinds = [Conv2dLayer.KindName, DenseLayer.KindName, MaxPoolLayer.KindName, FlattenLayer.KindName];

    private readonly ConstantReader _constants;

    private NetworkReader(ConstantReader constants) => _constants = constants;

    /// <summary>The network, which is usable only where there are no findings.</summary>
    public static IntegerNetwork Read(SpecNode tree, string directory, SpecIssues issues)
    {
        SpecSection root = SpecSection.Root(tree, issues);
        NetworkReader reader = new(new ConstantReader(directory, root.OptionalSection("files"), issues));
        root.RequiredInt("format_version", NetworkFile.FormatVersion, NetworkFile.FormatVersion);
        IntegerNetwork network = new()
        {
            Name = root.RequiredString("name"),
            Input = ReadTensor(root.Section("input")),
            Layers = [.. root.RequiredSections("layers").Select(reader.ReadLayer)],
        };
        reader._constants.Finish();
        root.Finish();

        List<string> wrong = [.. issues.Select(issue => issue.KeyPath)];
        foreach (Finding finding in NetworkValidator.Check(network).Where(finding => IsTrustworthy(finding, network, wrong)))
        {
            issues.Add(tree, finding);
        }
        return network;
    }

    /// <summary>
    /// Where something could not be read, values that stand in for it must not cause further findings: a layer is judged only where it and the tensor
    /// that it reads were read in full, the wiring only where everything was.
    /// </summary>
    private static bool IsTrustworthy(Finding finding, IntegerNetwork network, List<string> wrong)
    {
        if (wrong.Count == 0)
        {
            return true;
        }
        if (wrong.Contains(""))
        {
            return false;
        }
        if (LayerPath.Match(finding.Path) is not { Success: true } match)
        {
            return finding.Path != "layers" && !IsWrong(wrong, finding.Path);
        }
        int index = int.Parse(match.Groups["index"].Value, NumberStyles.None, CultureInfo.InvariantCulture);
        int source = network.Layers.Take(index).ToList().FindIndex(layer => layer.Name == network.Layers[index].Input);
        return match.Groups["member"].Value is not ("name" or "input")
            && !IsWrong(wrong, $"layers[{index}]")
            && !IsWrong(wrong, source < 0 ? "input" : $"layers[{source}].output");
    }

    /// <summary>Whether a path or something below it had a finding.</summary>
    private static bool IsWrong(List<string> wrong, string path) => wrong.Any(other =>
        other == path || other.StartsWith(path + ".", StringComparison.Ordinal) || other.StartsWith(path + "[", StringComparison.Ordinal));

    private Layer ReadLayer(SpecSection layer)
    {
        SpecValue kind = layer.Required("kind");
        string name = kind.AsChoice(Kinds);
        if (!IsChoice(kind, name))
        {
            PassOver(layer);
            name = FlattenLayer.KindName;
        }
        return name switch
        {
            Conv2dLayer.KindName => ReadConvolution(layer),
            DenseLayer.KindName => ReadDense(layer),
            MaxPoolLayer.KindName => ReadMaxPool(layer),
            _ => ReadFlatten(layer),
        };
    }

    private static bool IsChoice(SpecValue value, string name) => value.Node is SpecScalar scalar && scalar.Text == name;

    /// <summary>Which keys a section may have is not known where its kind is not: none of them is unknown.</summary>
    private static void PassOver(SpecSection section)
    {
        foreach (string key in section.Keys)
        {
            section.Optional(key);
        }
    }

    private static FlattenLayer ReadFlatten(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
    };

    private Conv2dLayer ReadConvolution(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Weights = _constants.ReadTensor(layer.Required("weights"), 4),
        WeightFormat = ReadFormat(layer.Required("weight_format")),
        Stride = ReadPair(layer, "stride"),
        Padding = ReadPadding(layer.Section("padding")),
        Dilation = ReadPair(layer, "dilation"),
        Groups = layer.RequiredInt("groups", 1, TensorRules.MaxExtent),
        PaddingCode = layer.RequiredInt("padding_code", int.MinValue, int.MaxValue),
        Requantization = ReadRequantization(layer.Section("requantization")),
    };

    private DenseLayer ReadDense(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Weights = _constants.ReadTensor(layer.Required("weights"), 2),
        WeightFormat = ReadFormat(layer.Required("weight_format")),
        Requantization = ReadRequantization(layer.Section("requantization")),
    };

    private static MaxPoolLayer ReadMaxPool(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Window = ReadPair(layer, "window"),
        Stride = ReadPair(layer, "stride"),
    };

    private Requantization ReadRequantization(SpecSection section)
    {
        RequantizationKind kind = section.RequiredEnum<RequantizationKind>("kind");
        if (!IsChoice(section.Required("kind"), EnumNames.Of(kind)))
        {
            PassOver(section);
            return new Requantization { Kind = kind, Bias = [], Rounding = RoundingMode.HalfUp, Minimum = 0, Maximum = 0 };
        }
        bool scaled = kind is RequantizationKind.MultiplierShift or RequantizationKind.DoubleRounding;
        bool thresholds = kind == RequantizationKind.Thresholds;
        bool rounded = kind is RequantizationKind.Shift or RequantizationKind.MultiplierShift;
        (_, int perChannel, ImmutableArray<long> values) = thresholds ? _constants.ReadTable(section.Required("thresholds")) : (0, 0, []);
        return new Requantization
        {
            Kind = kind,
            Bias = _constants.ReadList(section.Required("bias")),
            Multiplier = scaled ? _constants.ReadList(section.Required("multiplier")) : [],
            Shift = thresholds ? [] : [.. _constants.ReadList(section.Required("shift")).Select(shift => (int)Math.Clamp(shift, int.MinValue, int.MaxValue))],
            Rounding = rounded ? section.RequiredEnum<RoundingMode>("rounding") : section.OptionalEnum("rounding", RoundingMode.HalfUp),
            ZeroPoint = thresholds ? 0 : section.OptionalInt("zero_point", 0, int.MinValue, int.MaxValue),
            Minimum = section.RequiredInt("minimum", int.MinValue, int.MaxValue),
            Maximum = section.RequiredInt("maximum", int.MinValue, int.MaxValue),
            Thresholds = values,
            ThresholdsPerChannel = perChannel,
            ThresholdStep = thresholds ? section.OptionalInt("threshold_step", 1, 1, int.MaxValue) : 1,
        };
    }

    private static TensorSpec ReadTensor(SpecSection section) => new(
        section.RequiredInt("height", 1, TensorRules.MaxExtent),
        section.RequiredInt("width", 1, TensorRules.MaxExtent),
        section.RequiredInt("channels", 1, TensorRules.MaxExtent),
        ReadFormat(section.Required("format")));

    private static FixedPointFormat ReadFormat(SpecValue value)
    {
        string text = value.AsString();
        if (FixedPointFormat.TryParse(text, out FixedPointFormat format))
        {
            return format;
        }
        if (text.Length > 0)
        {
            value.Issue($"not a number format, found '{text}', allowed names such as sfix8_En4 (signed, 8 bits, 4 of them fraction) or ufix4_En0");
        }
        return new FixedPointFormat(true, 8, 0);
    }

    private static (int Rows, int Columns) ReadPair(SpecSection section, string key)
    {
        IReadOnlyList<int> pair = section.RequiredInts(key, 1, TensorRules.MaxExtent, 2, 2);
        return pair.Count == 2 ? (pair[0], pair[1]) : (1, 1);
    }

    private static Padding ReadPadding(SpecSection section) => new(
        section.RequiredInt("top", 0, TensorRules.MaxExtent),
        section.RequiredInt("left", 0, TensorRules.MaxExtent),
        section.RequiredInt("bottom", 0, TensorRules.MaxExtent),
        section.RequiredInt("right", 0, TensorRules.MaxExtent));

    [GeneratedRegex(@"\Alayers\[(?<index>[0-9]+)\](\.(?<member>[a-z0-9_]+))?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex LayerPath { get; }
}
