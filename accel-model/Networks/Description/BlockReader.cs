// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks.Description;

/// <summary>
/// The <c>blocks</c> of a file: named sequences of layers with parameters. A use of a block is expanded by putting values in place of <c>$parameter</c> in the tree of the
/// block, so that findings keep their place.
/// </summary>
internal sealed class BlockReader
{
    private const int MostUses = 100;

    private readonly Dictionary<string, (ImmutableArray<string> Parameters, SpecValue Layers)> _blocks = [];
    private readonly SpecIssues _issues;

    public BlockReader(SpecSection root, SpecIssues issues)
    {
        _issues = issues;
        if (root.OptionalSection("blocks") is not SpecSection blocks)
        {
            return;
        }

        foreach (string name in blocks.Keys.ToList())
        {
            SpecSection block = blocks.Section(name);
            ImmutableArray<string> parameters = block.Has("parameters") ? [.. block.RequiredStrings("parameters")] : [];
            SpecValue layers = block.Required("layers");
            _ = layers.AsList(1, MostUses);
            _blocks.Add(name, (parameters, layers));
        }
    }

    /// <summary>Whether a file has blocks.</summary>
    public bool HasBlocks => _blocks.Count > 0;

    /// <summary>The layers of a use of a block, repetition by repetition: the name of each repetition and its layers' sections.</summary>
    public IEnumerable<(string Name, IReadOnlyList<SpecSection> Layers)> Expand(SpecSection use, string name)
    {
        string block = use.Required("block").AsChoice([.. _blocks.Keys]);
        (ImmutableArray<string> parameters, SpecValue layers) = _blocks[block];
        int repeat = use.OptionalInt("repeat", 1, 1, MostUses);
        bool numbered = use.Has("repeat");
        Dictionary<string, SpecNode> values = [];
        SpecSection with = use.SectionOrEmpty("with");
        foreach (string parameter in parameters)
        {
            SpecValue value = with.Required(parameter);
            if (!with.Has(parameter))
            {
                _ = value.AsString();
            }

            values[parameter] = with.Has(parameter) ? value.Node : new SpecInvalid(with.PositionOf(parameter));
        }

        for (int i = 0; i < repeat; i++)
        {
            List<SpecSection> sections = [];
            foreach (SpecValue item in layers.AsList(1, MostUses))
            {
                SpecNode node = Replace(item.Node, item.KeyPath, values);
                sections.Add(new SpecSection(node as SpecMapping, node.Position, item.KeyPath, _issues));
                if (node is not (SpecMapping or SpecInvalid))
                {
                    item.Issue("not a section, allowed keys with values");
                }
            }

            yield return (numbered ? $"{name}.{i}" : name, sections);
        }
    }

    private SpecNode Replace(SpecNode node, string path, Dictionary<string, SpecNode> values)
    {
        switch (node)
        {
            case SpecScalar { Quoted: false } scalar when scalar.Text.StartsWith('$'):
                if (values.TryGetValue(scalar.Text[1..], out SpecNode? value))
                {
                    return value;
                }

                _issues.Add(scalar.Position, path, $"unknown parameter, found '{scalar.Text}', allowed {(values.Count == 0 ? "none" : string.Join(", ", values.Keys.Select(key => "$" + key)))}");
                return new SpecInvalid(scalar.Position);
            case SpecMapping mapping:
                return mapping with { Entries = [.. mapping.Entries.Select(entry => entry with { Value = Replace(entry.Value, SpecValue.Join(path, entry.Key), values) })] };
            case SpecSequence sequence:
                return sequence with { Items = [.. sequence.Items.Select((item, i) => Replace(item, $"{path}[{i}]", values))] };
            default:
                return node;
        }
    }
}
