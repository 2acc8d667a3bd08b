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
        IReadOnlyDictionary<string, TensorShape> shapes = network.Shapes();
        NetworkSpec spec = new()
        {
            Name = network.Name,
            Input = new(network.Input.Height, network.Input.Width, network.Input.Channels),
            Layers = [.. network.Layers.Select((layer, i) => Placed(layer, i == 0 ? NetworkDescription.InputName : network.Layers[i - 1].Name, shapes[layer.Inputs[0]], places[i]))],
        };
        CheckNames(network, places);
        CheckEnds(network, spec, places);
        return issues.Count == before ? spec : null;
    }

    /// <summary>The name of a layer in training; those of a block, <c>USE.LAYER</c>, have no dots there.</summary>
    public static string NameOf(string name) => name.Replace('.', '_');

    private static void CheckNames(NetworkDescription network, ImmutableArray<SpecSection> places)
    {
        HashSet<string> names = [];
        foreach ((int i, LayerDescription layer) in network.Layers.Index())
        {
            if (!names.Add(NameOf(layer.Name)))
            {
                places[i].Issue("name", $"not unique in training, found '{NameOf(layer.Name)}' again for '{layer.Name}', allowed a name that no layer of a block gets");
            }
        }
    }

    private static void CheckEnds(NetworkDescription network, NetworkSpec spec, ImmutableArray<SpecSection> places)
    {
        if (network.SignedInput)
        {
            places[0].Issue("kind", "training has no signed input yet, found signed: true in input, allowed pixels");
        }

        if (spec.Layers[0] is MaxPoolSpec or GlobalAveragePoolSpec)
        {
            places[0].Issue("kind", "the first layer cannot be a pooling layer, allowed conv2d, dense, flatten");
        }

        if (network.Layers[^1] is not DenseDescription)
        {
            places[^1].Issue("kind", "the last layer gives the class scores, allowed dense");
        }

        for (int i = 0; i < network.Layers.Length; i++)
        {
            if (spec.Layers[i] is not (ConvolutionSpec or DenseSpec or FlattenSpec) && spec.InputsOf(i).Contains(NetworkDescription.InputName))
            {
                places[i].Issue("kind", $"training begins with a convolution or dense layer, found '{network.Layers[i].Kind}' of the images, allowed conv2d, dense, flatten");
            }
        }
    }

    private static LayerSpec Placed(LayerDescription layer, string previous, TensorShape input, SpecSection place)
    {
        LayerSpec spec = LayerOf(layer, input, place);
        return spec is IJoiningSpec || layer.Inputs[0] == previous ? spec : spec with { Input = NameOf(layer.Inputs[0]) };
    }

    private static LayerSpec LayerOf(LayerDescription layer, TensorShape input, SpecSection place)
    {
        if (layer.Activation == ActivationKind.Relu6)
        {
            Missing(place, "activation", "activation 'relu6'", "none, relu, or nothing: the recipe says it");
        }

        ActivationKind? activation = layer.Activation == ActivationKind.Default ? null : layer.Activation;
        string name = NameOf(layer.Name);
        switch (layer)
        {
            case ConvolutionDescription convolution:
                return Convolution(convolution, input, place) with { Activation = activation };
            case DenseDescription dense:
                return new DenseSpec { Name = name, Outputs = dense.Outputs, Activation = activation };
            case PoolDescription { Kind: "max_pool" } pool:
                if (pool.Padding != Padding.None || pool.CeilMode)
                {
                    Missing(place, pool.CeilMode ? "ceil_mode" : "padding", "padding or ceil_mode of a pooling layer", "windows that lie wholly inside the input");
                }

                return new MaxPoolSpec { Name = name, Window = Square(pool.Window, "window", place), Stride = Square(pool.Stride, "stride", place) };
            case PoolDescription { Kind: "global_average_pool" }:
                return new GlobalAveragePoolSpec { Name = name };
            case AddDescription:
                return new AddSpec { Name = name, Inputs = [.. layer.Inputs.Select(NameOf)], Activation = activation };
            case ConcatDescription:
                return new ConcatSpec { Name = name, Inputs = [.. layer.Inputs.Select(NameOf)] };
            case FlattenDescription:
                return new FlattenSpec { Name = name };
            default:
                Missing(place, "kind", $"'{layer.Kind}'", "conv2d, dense, max_pool, global_average_pool, add, concat, flatten");
                return new FlattenSpec { Name = name };
        }
    }

    private static ConvolutionSpec Convolution(ConvolutionDescription layer, TensorShape input, SpecSection place)
    {
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
            Name = NameOf(layer.Name),
            Channels = layer.Channels == 0 ? input.Channels : layer.Channels,
            Kernel = Square(layer.Kernel, "kernel", place),
            Stride = Square(layer.Stride, "stride", place),
            Padding = padding.Top,
            Groups = layer.GroupsOf(input) is int groups and not 1 ? groups : null,
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
