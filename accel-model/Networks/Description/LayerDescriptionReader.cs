// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks.Description;

/// <summary>Reads the keys of one layer.</summary>
internal static class LayerDescriptionReader
{
    private const int MaxWindow = 31;
    private const int MaxChannels = 65536;

    private static readonly ImmutableArray<string> Kinds =
    [
        "conv2d", "dense", "max_pool", "average_pool", "global_max_pool", "global_average_pool", "add", "multiply", "matmul", "concat", "channel_shuffle", "lookup", "relu", "relu6", "clip", "flatten",
    ];

    /// <summary>The layer of a section; the names of its inputs are as written there.</summary>
    /// <param name="section">The section.</param>
    /// <param name="previous">What it reads where it does not say.</param>
    /// <param name="further">Kinds that are no layers but allowed here.</param>
    public static LayerDescription Read(SpecSection section, string previous, params ReadOnlySpan<string> further)
    {
        string kind = section.Required("kind").AsChoice([.. Kinds, .. further]);
        string name = section.RequiredString("name");
        ImmutableArray<string> inputs = kind switch
        {
            "add" or "multiply" or "matmul" => [.. section.RequiredStrings("inputs", 2, 2)],
            "concat" => [.. section.RequiredStrings("inputs", 2, 64)],
            _ => [section.OptionalString("input") ?? previous],
        };
        if (kind is "add" or "multiply" or "matmul" && inputs.Length != 2)
        {
            inputs = [previous, previous];
        }
        else if (inputs.Length == 0)
        {
            inputs = [previous];
        }

        return kind switch
        {
            "conv2d" => Convolution(section, name, inputs),
            "dense" => new DenseDescription { Name = name, Inputs = inputs, Outputs = section.RequiredInt("outputs", 1, MaxChannels), Activation = Activation(section) },
            "max_pool" or "average_pool" => Pool(section, name, inputs, kind == "average_pool"),
            "global_max_pool" or "global_average_pool" => new PoolDescription { Name = name, Inputs = inputs, IsAverage = kind == "global_average_pool", Window = (0, 0) },
            "add" => new AddDescription { Name = name, Inputs = inputs, Activation = Activation(section) },
            "multiply" => new MultiplyDescription { Name = name, Inputs = inputs, Activation = Activation(section) },
            "matmul" => new MatmulDescription { Name = name, Inputs = inputs, Transpose = section.OptionalBool("transpose", false), Activation = Activation(section) },
            "concat" => new ConcatDescription { Name = name, Inputs = inputs },
            "channel_shuffle" => new ChannelShuffleDescription { Name = name, Inputs = inputs, Groups = section.RequiredInt("groups", 1, MaxChannels) },
            "lookup" => new LookupDescription { Name = name, Inputs = inputs, Function = section.RequiredEnum<LookupFunction>("function") },
            "relu" => new ClipDescription { Name = name, Inputs = inputs, Minimum = 0, Maximum = null },
            "relu6" => new ClipDescription { Name = name, Inputs = inputs, Minimum = 0, Maximum = 6 },
            "clip" => Clip(section, name, inputs),
            _ => new FlattenDescription { Name = name, Inputs = inputs },
        };
    }

    private static ConvolutionDescription Convolution(SpecSection section, string name, ImmutableArray<string> inputs)
    {
        bool depthwise = section.OptionalBool("depthwise", false);
        if (depthwise && section.Has("groups"))
        {
            section.Issue("groups", "a depthwise convolution has a group of each channel, allowed either of depthwise and groups");
        }

        return new()
        {
            Name = name,
            Inputs = inputs,
            Channels = depthwise ? section.OptionalInt("channels", 0, 1, MaxChannels) : section.RequiredInt("channels", 1, MaxChannels),
            Kernel = Pair(section.Required("kernel"), 1, MaxWindow),
            Stride = section.Optional("stride") is SpecValue stride ? Pair(stride, 1, MaxWindow) : (1, 1),
            Padding = ReadPadding(section),
            Dilation = section.Optional("dilation") is SpecValue dilation ? Pair(dilation, 1, MaxWindow) : (1, 1),
            Groups = section.OptionalInt("groups", depthwise ? 0 : 1, 1, MaxChannels),
            Activation = Activation(section),
        };
    }

    private static PoolDescription Pool(SpecSection section, string name, ImmutableArray<string> inputs, bool average)
    {
        (int Rows, int Columns) window = Pair(section.Required("window"), 1, MaxWindow);
        return new()
        {
            Name = name,
            Inputs = inputs,
            IsAverage = average,
            Window = window,
            Stride = section.Optional("stride") is SpecValue stride ? Pair(stride, 1, MaxWindow) : window,
            Padding = ReadPadding(section),
            CeilMode = section.OptionalBool("ceil_mode", false),
            CountIncludePad = average && section.OptionalBool("count_include_pad", false),
        };
    }

    private static ClipDescription Clip(SpecSection section, string name, ImmutableArray<string> inputs)
    {
        int minimum = section.RequiredInt("minimum", -8, 8), maximum = section.RequiredInt("maximum", -8, 8);
        if (minimum >= maximum)
        {
            section.Issue("maximum", $"not above the minimum, found {maximum}, allowed more than {minimum}");
        }

        return new() { Name = name, Inputs = inputs, Minimum = minimum, Maximum = maximum };
    }

    private static ActivationKind Activation(SpecSection section) =>
        section.Optional("activation")?.AsChoice(["none", "relu", "relu6"]) switch
        {
            "none" => ActivationKind.None,
            "relu" => ActivationKind.Relu,
            "relu6" => ActivationKind.Relu6,
            _ => ActivationKind.Default,
        };

    /// <summary>One number for both directions, or <c>[rows, columns]</c>.</summary>
    private static (int Rows, int Columns) Pair(SpecValue value, int minimum, int maximum)
    {
        if (value.Node is not SpecSequence)
        {
            int both = value.AsInt(minimum, maximum);
            return (both, both);
        }

        IReadOnlyList<SpecValue> items = value.AsList(2, 2);
        return items.Count == 2 ? (items[0].AsInt(minimum, maximum), items[1].AsInt(minimum, maximum)) : (1, 1);
    }

    /// <summary>One number for all sides, <c>[rows, columns]</c>, or each side by its name.</summary>
    private static Padding ReadPadding(SpecSection section)
    {
        const int Most = 15;
        if (section.Optional("padding") is not SpecValue value)
        {
            return Padding.None;
        }

        if (value.Node is SpecMapping)
        {
            SpecSection sides = value.AsSection();
            return new(
                sides.OptionalInt("top", 0, 0, Most), sides.OptionalInt("left", 0, 0, Most), sides.OptionalInt("bottom", 0, 0, Most), sides.OptionalInt("right", 0, 0, Most));
        }

        (int rows, int columns) = Pair(value, 0, Most);
        return new(rows, columns, rows, columns);
    }
}
