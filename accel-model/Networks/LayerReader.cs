// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks;

/// <summary>Reads the sections of layers, kind by kind.</summary>
internal sealed class LayerReader(ConstantReader constants)
{
    private readonly RequantizationReader _requantizations = new(constants);

    public Layer Read(SpecSection layer)
    {
        SpecValue kind = layer.Required("kind");
        string name = kind.AsChoice(LayerKinds.All);
        if (!IsChoice(kind, name))
        {
            PassOver(layer);
            name = FlattenLayer.KindName;
        }
        return name switch
        {
            Conv2dLayer.KindName => ReadConvolution(layer),
            DenseLayer.KindName => ReadDense(layer),
            MatmulLayer.KindName => ReadMatmul(layer),
            MaxPoolLayer.KindName => ReadMaxPool(layer),
            AveragePoolLayer.KindName => ReadAveragePool(layer),
            AddLayer.KindName => ReadAdd(layer),
            MultiplyLayer.KindName => ReadMultiply(layer),
            RequantizeLayer.KindName => ReadRequantize(layer),
            LookupLayer.KindName => ReadLookup(layer),
            ConcatLayer.KindName => ReadConcat(layer),
            ChannelShuffleLayer.KindName => ReadChannelShuffle(layer),
            _ => ReadFlatten(layer),
        };
    }

    public static TensorSpec ReadTensor(SpecSection section) => new(
        section.RequiredInt("height", 1, TensorRules.MaxExtent),
        section.RequiredInt("width", 1, TensorRules.MaxExtent),
        section.RequiredInt("channels", 1, TensorRules.MaxExtent),
        ReadFormat(section.Required("format")));

    /// <summary>Whether a value is the name that it was read as, and not one that stands in for it.</summary>
    public static bool IsChoice(SpecValue value, string name) => value.Node is SpecScalar scalar && scalar.Text == name;

    /// <summary>Which keys a section may have is not known where its kind is not: none of them is unknown.</summary>
    public static void PassOver(SpecSection section)
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
        Weights = constants.ReadTensor(layer.Required("weights"), 4),
        WeightFormat = ReadFormat(layer.Required("weight_format")),
        Stride = ReadPair(layer, "stride"),
        Padding = ReadPadding(layer.Section("padding")),
        Dilation = ReadPair(layer, "dilation"),
        Groups = layer.RequiredInt("groups", 1, TensorRules.MaxExtent),
        PaddingCode = layer.RequiredInt("padding_code", int.MinValue, int.MaxValue),
        Requantization = _requantizations.Read(layer.Section("requantization")),
    };

    private DenseLayer ReadDense(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Weights = constants.ReadTensor(layer.Required("weights"), 2),
        WeightFormat = ReadFormat(layer.Required("weight_format")),
        Requantization = _requantizations.Read(layer.Section("requantization")),
    };

    private MatmulLayer ReadMatmul(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        SecondInput = layer.RequiredString("second_input"),
        TransposeSecond = layer.RequiredBool("transpose_second"),
        FirstOffset = layer.OptionalInt("first_offset", 0, int.MinValue, int.MaxValue),
        SecondOffset = layer.OptionalInt("second_offset", 0, int.MinValue, int.MaxValue),
        Requantization = _requantizations.Read(layer.Section("requantization")),
    };

    private static MaxPoolLayer ReadMaxPool(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Window = ReadPair(layer, "window"),
        Stride = ReadPair(layer, "stride"),
        Padding = ReadOptionalPadding(layer),
        CeilMode = layer.OptionalBool("ceil_mode", false),
    };

    private static AveragePoolLayer ReadAveragePool(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Window = ReadPair(layer, "window"),
        Stride = ReadPair(layer, "stride"),
        Padding = ReadOptionalPadding(layer),
        CeilMode = layer.OptionalBool("ceil_mode", false),
        CountIncludePad = layer.OptionalBool("count_include_pad", false),
        PaddingCode = layer.OptionalInt("padding_code", 0, int.MinValue, int.MaxValue),
    };

    private AddLayer ReadAdd(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        SecondInput = layer.RequiredString("second_input"),
        LeftShift = layer.RequiredInt("left_shift", 0, ElementwiseRules.MaxLeftShift),
        First = _requantizations.Read(layer.Section("first")),
        Second = _requantizations.Read(layer.Section("second")),
        Requantization = _requantizations.Read(layer.Section("requantization")),
    };

    private MultiplyLayer ReadMultiply(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        SecondInput = layer.RequiredString("second_input"),
        FirstOffset = layer.RequiredInt("first_offset", int.MinValue, int.MaxValue),
        SecondOffset = layer.RequiredInt("second_offset", int.MinValue, int.MaxValue),
        Requantization = _requantizations.Read(layer.Section("requantization")),
    };

    private RequantizeLayer ReadRequantize(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Requantization = _requantizations.Read(layer.Section("requantization")),
    };

    private LookupLayer ReadLookup(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Table = constants.ReadTensor(layer.Required("table"), 1).Values,
    };

    private static ConcatLayer ReadConcat(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        OtherInputs = [.. layer.RequiredStrings("other_inputs")],
    };

    private static ChannelShuffleLayer ReadChannelShuffle(SpecSection layer) => new()
    {
        Name = layer.RequiredString("name"),
        Input = layer.RequiredString("input"),
        Output = ReadTensor(layer.Section("output")),
        Groups = layer.RequiredInt("groups", 1, TensorRules.MaxExtent),
    };

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

    private static Padding ReadOptionalPadding(SpecSection layer) => layer.OptionalSection("padding") is SpecSection padding ? ReadPadding(padding) : Padding.None;

    private static Padding ReadPadding(SpecSection section) => new(
        section.RequiredInt("top", 0, TensorRules.MaxExtent),
        section.RequiredInt("left", 0, TensorRules.MaxExtent),
        section.RequiredInt("bottom", 0, TensorRules.MaxExtent),
        section.RequiredInt("right", 0, TensorRules.MaxExtent));
}
