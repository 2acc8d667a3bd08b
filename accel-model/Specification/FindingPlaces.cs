// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>Gives findings about values their place in the file that the values came from.</summary>
public static class FindingPlaces
{
    /// <summary>
    /// Adds a finding at its path's value in <paramref name="tree"/>, or at the closest value around it where the file does not spell it out.
    /// </summary>
    public static void Add(this SpecIssues issues, SpecNode tree, Finding finding) =>
        issues.Add(Locate(tree, finding.Path), finding.Path, finding.Message);

    /// <summary>The position of a path such as <c>layers[2].output.format</c>, or of the longest part of it that is there.</summary>
    public static SpecPosition Locate(SpecNode tree, string path)
    {
        SpecPosition position = tree.Position;
        SpecNode? node = tree;
        foreach (string step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            SpecEntry? entry = (node as SpecMapping)?.Find(step);
            node = entry?.Value ?? Item(node, step);
            if (node is null)
            {
                break;
            }
            position = node is SpecMapping && entry is not null ? entry.KeyPosition : node.Position;
        }
        return position;
    }

    private static SpecNode? Item(SpecNode? node, string step) =>
        node is SpecSequence sequence
        && step.StartsWith('[')
        && int.TryParse(step.AsSpan(1, step.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
        && index < sequence.Items.Length
            ? sequence.Items[index]
            : null;
}
