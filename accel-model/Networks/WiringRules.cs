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
        for (int i = 0; i < network.Layers.Length; i++)
        {
            Layer layer = network.Layers[i];
            if (!LayerName().IsMatch(layer.Name))
            {
                yield return new Finding(
                    $"layers[{i}].name", $"not a layer name, found '{layer.Name}', allowed 1..100 letters, digits, '_', '-' and '.', the first a letter, a digit or '_'");
            }
            if (layer.Name == IntegerNetwork.InputName)
            {
                yield return new Finding($"layers[{i}].name", "reserved for the network's input, found 'input', allowed any other name");
            }
            else if (!defined.TryAdd(layer.Name, i))
            {
                yield return new Finding($"layers[{i}].name", $"not unique, found '{layer.Name}', which layers[{defined[layer.Name]}] is called already, allowed a name of its own");
            }
        }

        for (int i = 0; i < network.Layers.Length; i++)
        {
            string input = network.Layers[i].Input;
            if (input == IntegerNetwork.InputName)
            {
                continue;
            }
            IEnumerable<string> earlier = network.Layers.Take(i).Select(layer => layer.Name).Prepend(IntegerNetwork.InputName);
            if (!defined.TryGetValue(input, out int from))
            {
                yield return new Finding($"layers[{i}].input", $"no such tensor, found '{input}', allowed {string.Join(", ", earlier)}");
            }
            else if (from >= i)
            {
                yield return new Finding(
                    $"layers[{i}].input", $"not defined yet, found '{input}', which is layers[{from}]: a layer reads the input or an earlier layer, so there are no cycles; allowed {string.Join(", ", earlier)}");
            }
        }

        HashSet<string> read = [.. network.Layers.Select(layer => layer.Input)];
        for (int i = 0; i < network.Layers.Length - 1; i++)
        {
            if (!read.Contains(network.Layers[i].Name))
            {
                yield return new Finding($"layers[{i}].name", $"its output is lost, found no layer that reads '{network.Layers[i].Name}', allowed only for the last layer");
            }
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$", RegexOptions.CultureInvariant)]
    private static partial Regex LayerName();
}
