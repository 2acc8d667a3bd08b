// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks;

/// <summary>Reads the tree of a <c>network.json</c>: first every value, then what must hold between them.</summary>
internal static partial class NetworkReader
{
    /// <summary>The network, which is usable only where there are no findings.</summary>
    public static IntegerNetwork Read(SpecNode tree, string directory, SpecIssues issues)
    {
        SpecSection root = SpecSection.Root(tree, issues);
        ConstantReader constants = new(directory, root.OptionalSection("files"), issues);
        LayerReader layers = new(constants);
        root.RequiredInt("format_version", NetworkFile.FormatVersion, NetworkFile.FormatVersion);
        IntegerNetwork network = new()
        {
            Name = root.RequiredString("name"),
            Input = LayerReader.ReadTensor(root.Section("input")),
            Layers = [.. root.RequiredSections("layers").Select(layers.Read)],
        };
        constants.Finish();
        root.Finish();

        List<string> wrong = [.. issues.Select(issue => issue.KeyPath)];
        foreach (Finding finding in NetworkValidator.Check(network).Where(finding => IsTrustworthy(finding, network, wrong)))
        {
            issues.Add(tree, finding);
        }
        return network;
    }

    /// <summary>
    /// Where something could not be read, values that stand in for it must not cause further findings: a layer is judged only where it and the tensors
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
        return match.Groups["member"].Value is not ("name" or "input" or "second_input" or "other_inputs")
            && !IsWrong(wrong, $"layers[{index}]")
            && network.Layers[index].Inputs.All(name => !IsWrong(wrong, TensorPath(network, index, name)));
    }

    private static string TensorPath(IntegerNetwork network, int index, string name)
    {
        int source = network.Layers.Take(index).ToList().FindIndex(layer => layer.Name == name);
        return source < 0 ? "input" : $"layers[{source}].output";
    }

    /// <summary>Whether a path or something below it had a finding.</summary>
    private static bool IsWrong(List<string> wrong, string path) => wrong.Any(other =>
        other == path || other.StartsWith(path + ".", StringComparison.Ordinal) || other.StartsWith(path + "[", StringComparison.Ordinal));

    [GeneratedRegex(@"\Alayers\[(?<index>[0-9]+)\](\.(?<member>[a-z0-9_]+))?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex LayerPath { get; }
}
