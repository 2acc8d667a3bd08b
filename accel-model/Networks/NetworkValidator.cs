// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>
/// Whether a network is well-formed: names and wiring, shapes, formats, ranges, sizes. Whether a given hardware can run it is
/// <see cref="HardwareFit"/>'s question.
/// </summary>
public static class NetworkValidator
{
    /// <summary>Everything that is wrong, in the order of the network; empty for a well-formed network. Never throws.</summary>
    public static ImmutableArray<Finding> Check(IntegerNetwork network)
    {
        List<Finding> findings = [.. TensorRules.Check("input", network.Input)];
        if (string.IsNullOrWhiteSpace(network.Name))
        {
            findings.Add(new Finding("name", "empty, allowed a text"));
        }
        if (network.Layers.IsDefaultOrEmpty)
        {
            findings.Add(new Finding("layers", "empty, allowed at least one layer"));
            return [.. findings];
        }
        findings.AddRange(WiringRules.Check(network));

        // A layer is checked against its inputs only where all are known and sound themselves.
        Dictionary<string, TensorSpec> sound = [];
        AddIfSound(sound, IntegerNetwork.InputName, network.Input);
        for (int i = 0; i < network.Layers.Length; i++)
        {
            Layer layer = network.Layers[i];
            string path = $"layers[{i}]";
            findings.AddRange(TensorRules.Check($"{path}.output", layer.Output));
            if (layer.Inputs.All(sound.ContainsKey) && TensorRules.IsSound(layer.Output))
            {
                findings.AddRange(LayerRules.Check(path, layer, [.. layer.Inputs.Select(name => sound[name])]));
            }
            AddIfSound(sound, layer.Name, layer.Output);
        }
        return [.. findings];
    }

    /// <exception cref="ArgumentException">The network is not well-formed; the message lists every finding.</exception>
    public static void ThrowIfInvalid(IntegerNetwork network)
    {
        ImmutableArray<Finding> findings = Check(network);
        if (!findings.IsEmpty)
        {
            throw new ArgumentException($"network '{network.Name}' is not well-formed: {string.Join("; ", findings)}", nameof(network));
        }
    }

    private static void AddIfSound(Dictionary<string, TensorSpec> sound, string name, TensorSpec tensor)
    {
        if (TensorRules.IsSound(tensor))
        {
            sound.TryAdd(name, tensor);
        }
    }
}
