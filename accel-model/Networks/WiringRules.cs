// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>Names are unique and usable as file names, inputs are defined earlier, outputs are read.</summary>
internal static partial class WiringRules
{
    public static IEnumerable<Finding> Check(IntegerNetwork network)
    {
        Dictionary<string, int> defined = [];
        List<Finding> names = [.. Names(network, defined)];
        List<Finding> inputs = [.. Inputs(network, defined)];

        // An input that leads nowhere is the reason why an output seems lost.
        return [.. names, .. inputs, .. inputs.Count == 0 ? LostOutputs(network) : []];
    }

    private static IEnumerable<Finding> Names(IntegerNetwork network, Dictionary<string, int> defined)
    {
        for (int i = 0; i < network.Layers.Length; i++)
        {
            string name = network.Layers[i].Name;
            if (!LayerName.IsMatch(name))
            {
                yield return new Finding(
                    $"layers[{i}].name", $"not a layer name, found '{name}', allowed 1..100 letters, digits, '_', '-' and '.', the first a letter, a digit or '_'");
            }
            if (name == IntegerNetwork.InputName)
            {
                yield return new Finding($"layers[{i}].name", "reserved for the network's input, found 'input', allowed any other name");
            }
            else if (!defined.TryAdd(name, i))
            {
                yield return new Finding($"layers[{i}].name", $"not unique, found '{name}', which layers[{defined[name]}] is called already, allowed a name of its own");
            }
        }
    }

    private static IEnumerable<Finding> Inputs(IntegerNetwork network, Dictionary<string, int> defined)
    {
        for (int i = 0; i < network.Layers.Length; i++)
        {
            foreach ((string path, string input) in LayerInputs.Of($"layers[{i}]", network.Layers[i]))
            {
                if (input == IntegerNetwork.InputName || (defined.TryGetValue(input, out int from) && from < i))
                {
                    continue;
                }
                string allowed = $"allowed {string.Join(", ", network.Layers.Take(i).Select(layer => layer.Name).Prepend(IntegerNetwork.InputName))}";
                yield return defined.ContainsKey(input)
                    ? new Finding(
                        path, $"not defined yet, found '{input}', which is layers[{defined[input]}]: a layer reads the input or an earlier layer, so there are no cycles; {allowed}")
                    : new Finding(path, $"no such tensor, found '{input}', {allowed}");
            }
        }
    }

    private static IEnumerable<Finding> LostOutputs(IntegerNetwork network)
    {
        HashSet<string> read = [.. network.Layers.SelectMany(layer => layer.Inputs)];
        for (int i = 0; i < network.Layers.Length - 1; i++)
        {
            if (!read.Contains(network.Layers[i].Name))
            {
                yield return new Finding($"layers[{i}].name", $"its output is lost, found no layer that reads '{network.Layers[i].Name}', allowed only for the last layer");
            }
        }
    }

    [GeneratedRegex("\\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex LayerName { get; }
}
