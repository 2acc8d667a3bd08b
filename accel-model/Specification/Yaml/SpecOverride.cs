// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AccelModel.Specification.Yaml;

/// <summary>Replaces one value of a tree, named by a key path such as <c>layers[2].array.rows</c>.</summary>
internal static class SpecOverride
{
    public static SpecNode Apply(SpecNode root, string path, SpecNode value, SpecIssues issues)
    {
        if (!TrySplit(path, out List<string> steps))
        {
            issues.Add(value.Position, path, "not a key path, allowed keys joined by dots and list positions in brackets such as layers[2].name");
            return root;
        }
        return Replace(root, steps, 0, path, value, issues);
    }

    private static SpecNode Replace(SpecNode node, List<string> steps, int depth, string path, SpecNode value, SpecIssues issues)
    {
        if (depth == steps.Count)
        {
            return value;
        }
        string step = steps[depth];
        SpecNode Below(SpecNode child) => Replace(child, steps, depth + 1, path, value, issues);
        switch (node)
        {
            case SpecMapping mapping when step[0] != '[':
                SpecEntry? entry = mapping.Find(step);
                if (entry is null)
                {
                    SpecNode added = Below(new SpecMapping(value.Position, []));
                    return mapping with { Entries = mapping.Entries.Add(new SpecEntry(step, value.Position, added)) };
                }
                return mapping with { Entries = mapping.Entries.Replace(entry, entry with { Value = Below(entry.Value) }) };

            case SpecSequence sequence when step[0] == '[':
                int index = int.Parse(step.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
                if (index < sequence.Items.Length)
                {
                    return sequence with { Items = sequence.Items.SetItem(index, Below(sequence.Items[index])) };
                }
                issues.Add(value.Position, path, $"no such list item, found [{index}], allowed [0]..[{sequence.Items.Length - 1}]");
                return node;

            default:
                string wanted = step[0] == '[' ? $"a list for [{step[1..]}]" : $"a section with the key '{step}'";
                issues.Add(value.Position, path, $"the path leads nowhere, found {node.Description}, allowed {wanted}");
                return node;
        }
    }

    /// <summary>Keys stay as they are, list positions become <c>[</c> and their digits.</summary>
    private static bool TrySplit(string path, out List<string> steps)
    {
        steps = [];
        foreach (string part in path.Split('.'))
        {
            string[] pieces = part.Split('[');
            if (pieces[0].Length == 0)
            {
                return false;
            }
            steps.Add(pieces[0]);
            foreach (string piece in pieces.Skip(1))
            {
                if (piece.Length is < 2 or > 7 || piece[^1] != ']' || !piece.AsSpan(0, piece.Length - 1).ContainsOnlyDigits())
                {
                    return false;
                }
                steps.Add("[" + piece[..^1]);
            }
        }
        return true;
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
