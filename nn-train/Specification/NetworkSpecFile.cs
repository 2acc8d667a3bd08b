// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Reads <c>configs/networks/*.yaml</c>: strict, all findings at once, shapes checked from layer to layer.</summary>
public static class NetworkSpecFile
{
    private const int MaxExtent = 1024;
    private const int MaxChannels = 4096;
    private const string InputName = "input";

    /// <summary>The network of a file, or null after findings.</summary>
    public static NetworkSpec? Load(string path, SpecIssues issues) =>
        YamlFile.LoadWithBase(path, issues) is SpecNode tree ? Read(tree, issues) : null;

    /// <summary>The network of a tree that is already loaded (and perhaps overridden), or null after findings.</summary>
    public static NetworkSpec? Read(SpecNode tree, SpecIssues issues)
    {
        int before = issues.Count;
        SpecSection root = SpecSection.Root(tree, issues);
        NetworkSpec network = Read(root);
        root.Finish();
        return issues.Count == before ? network : null;
    }

    private static NetworkSpec Read(SpecSection section)
    {
        string name = section.RequiredString("name");
        SpecSection input = section.Section("input");
        FeatureShape shape = new(
            input.RequiredInt("height", 1, MaxExtent),
            input.RequiredInt("width", 1, MaxExtent),
            input.RequiredInt("channels", 1, MaxChannels));
        IReadOnlyList<SpecSection> sections = section.RequiredSections("layers", 1, 100);
        NetworkSpec network = new() { Name = name, Input = shape, Layers = [.. sections.Select(ReadLayer)] };
        CheckNames(network, sections);
        CheckShapes(network, sections);
        return network;
    }

    private static LayerSpec ReadLayer(SpecSection section)
    {
        string kind = section.Required("kind").AsChoice([ConvolutionSpec.Kind, DenseSpec.Kind, MaxPoolSpec.Kind, FlattenSpec.Kind]);
        string name = section.RequiredString("name");
        return kind switch
        {
            ConvolutionSpec.Kind => new ConvolutionSpec
            {
                Name = name,
                Channels = section.RequiredInt("channels", 1, MaxChannels),
                Kernel = section.RequiredInt("kernel", 1, 31),
                Stride = section.OptionalInt("stride", 1, 1, 31),
                Padding = section.OptionalInt("padding", 0, 0, 15),
            },
            DenseSpec.Kind => new DenseSpec { Name = name, Outputs = section.RequiredInt("outputs", 1, 65536) },
            MaxPoolSpec.Kind => ReadPool(name, section),
            _ => new FlattenSpec { Name = name },
        };
    }

    private static MaxPoolSpec ReadPool(string name, SpecSection section)
    {
        int window = section.RequiredInt("window", 1, 31);
        return new MaxPoolSpec { Name = name, Window = window, Stride = section.OptionalInt("stride", window, 1, 31) };
    }

    private static void CheckNames(NetworkSpec network, IReadOnlyList<SpecSection> sections)
    {
        HashSet<string> taken = [InputName];
        foreach ((LayerSpec layer, SpecSection section) in network.Layers.Zip(sections))
        {
            if (layer.Name.Any(character => !char.IsAsciiLetterOrDigit(character) && character != '_'))
            {
                section.Issue("name", $"not a layer name, found '{layer.Name}', allowed letters, digits and underscores");
            }
            if (!taken.Add(layer.Name))
            {
                section.Issue("name", $"not unique, found '{layer.Name}' again, allowed a name of its own ('{InputName}' is the image)");
            }
        }
    }

    private static void CheckShapes(NetworkSpec network, IReadOnlyList<SpecSection> sections)
    {
        FeatureShape shape = network.Input;
        foreach ((LayerSpec layer, SpecSection section) in network.Layers.Zip(sections))
        {
            FeatureShape next = layer.OutputOf(shape);
            if (layer is DenseSpec && (shape.Height, shape.Width) != (1, 1))
            {
                section.Issue("kind", $"a dense layer reads a vector, found {Text(shape)}, allowed a flatten layer before it");
            }
            if (layer is MaxPoolSpec && network.Layers.IndexOf(layer) == 0)
            {
                section.Issue("kind", "the first layer cannot be a pooling layer, allowed conv2d, dense, flatten");
            }
            if (next.Height < 1 || next.Width < 1)
            {
                section.Issue("kind", $"the window is larger than its input, found an input of {Text(shape)}");
                return;
            }
            shape = next;
        }
        if (network.Layers[^1] is not DenseSpec)
        {
            sections[^1].Issue("kind", "the last layer gives the class scores, allowed dense");
        }
    }

    private static string Text(FeatureShape shape) =>
        string.Create(CultureInfo.InvariantCulture, $"{shape.Height} x {shape.Width} x {shape.Channels}");
}
