// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>Consecutive layers of a network as a network of their own, and what then enters it.</summary>
public static class NetworkCut
{
    /// <summary>The layers from <paramref name="first"/> to <paramref name="last"/>; the one tensor that they read from before them is the new input.</summary>
    /// <exception cref="ArgumentException">There is no such layer, they are in the wrong order, or the layers read more than one tensor from before them.</exception>
    public static IntegerNetwork Layers(IntegerNetwork network, string first, string last)
    {
        int from = IndexOf(network, first), to = IndexOf(network, last);
        if (to < from)
        {
            throw new ArgumentException($"layer {last} comes before {first}");
        }

        ImmutableArray<Layer> layers = network.Layers[from..(to + 1)];
        HashSet<string> inside = [.. layers.Select(layer => layer.Name)];
        string[] outside = [.. layers.SelectMany(layer => layer.Inputs).Where(name => !inside.Contains(name)).Distinct()];
        if (outside.Length != 1 || layers.Any(layer => layer.FurtherInputs.Contains(outside[0])))
        {
            throw new ArgumentException($"layers {first} to {last} read {string.Join(", ", outside)} from before them, allowed one tensor, as first input");
        }

        TensorSpec input = network.InputOf(from + Enumerable.Range(0, layers.Length).First(index => layers[index].Input == outside[0]));
        return new()
        {
            Name = $"{network.Name}_{first}{(first == last ? "" : "_" + last)}",
            Input = input,
            Layers = [.. layers.Select(layer => layer.Input == outside[0] ? layer with { Input = IntegerNetwork.InputName } : layer)],
        };
    }

    /// <summary>Codes that enter <see cref="Layers"/> where <paramref name="input"/> enters the network: image after image.</summary>
    /// <exception cref="ArgumentException">As <see cref="Layers"/>, or as <see cref="ReferenceInterpreter.Run"/>.</exception>
    public static int[] InputOf(IntegerNetwork network, string first, int[] input, int images)
    {
        int from = IndexOf(network, first);
        string tensor = network.Layers[from].Input;
        return tensor == IntegerNetwork.InputName
            ? input
            : ReferenceInterpreter.Run(network with { Layers = network.Layers[..from] }, input, images).LayerOutputs[IndexOf(network, tensor)];
    }

    /// <summary>Position of the layer <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public static int IndexOf(IntegerNetwork network, string name)
    {
        int index = network.Layers.ToList().FindIndex(layer => layer.Name == name);
        return index >= 0 ? index : throw new ArgumentException($"no layer is named {name}, allowed {string.Join(", ", network.Layers.Select(layer => layer.Name))}");
    }
}
