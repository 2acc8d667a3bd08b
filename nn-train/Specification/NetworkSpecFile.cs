// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Networks.Description;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Reads <c>configs/networks/*.yaml</c> (docs/network-file.md) and refuses, at its place, what training does not have.</summary>
public static class NetworkSpecFile
{
    /// <summary>The network of a file, or null after findings.</summary>
    public static NetworkSpec? Load(string path, SpecIssues issues) =>
        YamlFile.LoadWithBase(path, issues) is SpecNode tree ? Read(tree, issues) : null;

    /// <summary>The network of a tree that is already loaded (and perhaps overridden), or null after findings.</summary>
    public static NetworkSpec? Read(SpecNode tree, SpecIssues issues)
    {
        if (NetworkDescriptionFile.Read(tree, issues) is not PlacedDescription described)
        {
            return null;
        }

        int before = issues.Count;
        (NetworkDescription network, ImmutableArray<SpecSection> places) = described;
        NetworkSpec spec = new()
        {
            Name = network.Name,
            Input = new(network.Input.Height, network.Input.Width, network.Input.Channels),
            Layers = [.. network.Layers.Select((layer, i) => LayerOf(layer, i == 0 ? NetworkDescription.InputName : network.Layers[i - 1].Name, places[i]))],
        };
        if (network.SignedInput)
        {
            places[0].Issue("kind", "training has no signed input yet, found signed: true in input, allowed pixels");
        }

        if (spec.Layers[0] is MaxPoolSpec)
        {
            places[0].Issue("kind", "the first layer cannot be a pooling layer, allowed conv2d, dense, flatten");
        }

        if (network.Layers[^1] is not DenseDescription)
        {
            places[^1].Issue("kind", "the last layer gives the class scores, allowed dense");
        }

        return issues.Count == before ? spec : null;
    }

    private static LayerSpec LayerOf(LayerDescription layer, string previous, SpecSection place)
    {
        if (layer.Name.Contains('.'))
        {
            place.Issue("name", $"training has no blocks yet, found layer '{layer.Name}', allowed layers of their own");
        }
        else if (layer.Inputs[0] != previous)
        {
            place.Issue("input", $"training has no branches yet, found '{layer.Inputs[0]}', allowed '{previous}'");
        }

        if (layer.Activation != ActivationKind.Default)
        {
            Missing(place, "activation", "activation in the network", "none: the recipe says it");
        }

        switch (layer)
        {
            case ConvolutionDescription convolution:
                return Convolution(convolution, place);
            case DenseDescription dense:
                return new DenseSpec { Name = layer.Name, Outputs = dense.Outputs };
            case PoolDescription { Kind: "max_pool" } pool:
                if (pool.Padding != Padding.None || pool.CeilMode)
                {
                    Missing(place, pool.CeilMode ? "ceil_mode" : "padding", "padding or ceil_mode of a pooling layer", "windows that lie wholly inside the input");
                }

                return new MaxPoolSpec { Name = layer.Name, Window = Square(pool.Window, "window", place), Stride = Square(pool.Stride, "stride", place) };
            case FlattenDescription:
                return new FlattenSpec { Name = layer.Name };
            default:
                Missing(place, "kind", $"'{layer.Kind}'", "conv2d, dense, max_pool, flatten");
                return new FlattenSpec { Name = layer.Name };
        }
    }

    private static ConvolutionSpec Convolution(ConvolutionDescription layer, SpecSection place)
    {
        if (layer.Groups != 1)
        {
            Missing(place, layer.Groups == 0 ? "depthwise" : "groups", "groups of channels", "1 group");
        }

        if (layer.Dilation != (1, 1))
        {
            Missing(place, "dilation", "dilation", "1");
        }

        Padding padding = layer.Padding;
        if (padding != new Padding(padding.Top, padding.Top, padding.Top, padding.Top))
        {
            Missing(place, "padding", "padding that differs by side", "one number");
        }

        return new ConvolutionSpec
        {
            Name = layer.Name,
            Channels = layer.Channels,
            Kernel = Square(layer.Kernel, "kernel", place),
            Stride = Square(layer.Stride, "stride", place),
            Padding = padding.Top,
        };
    }

    private static int Square((int Rows, int Columns) pair, string key, SpecSection place)
    {
        if (pair.Rows != pair.Columns)
        {
            Missing(place, key, $"{key} that differs in rows and columns", "one number");
        }

        return pair.Rows;
    }

    private static void Missing(SpecSection place, string key, string what, string allowed) => place.Issue(key, $"training has no {what} yet, allowed {allowed}");
}
