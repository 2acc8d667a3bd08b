// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks.Description;

/// <summary>A description with the section of the file that each of its layers came from, for further rules about them.</summary>
/// <param name="Network">The description.</param>
/// <param name="Places">Sections, layer by layer.</param>
public sealed record PlacedDescription(NetworkDescription Network, ImmutableArray<SpecSection> Places);

/// <summary>Reads <c>configs/networks/*.yaml</c> (docs/network-file.md): strict, all findings at once, shapes checked from layer to layer.</summary>
public static class NetworkDescriptionFile
{
    private const int MaxExtent = 4096;
    private const int MaxLayers = 2000;

    /// <summary>The description of a file, or null after findings.</summary>
    public static NetworkDescription? Load(string path, SpecIssues issues) =>
        YamlFile.LoadWithBase(path, issues) is SpecNode tree ? Read(tree, issues)?.Network : null;

    /// <summary>The description of a tree that is already loaded (and perhaps overridden), or null after findings.</summary>
    public static PlacedDescription? Read(SpecNode tree, SpecIssues issues)
    {
        int before = issues.Count;
        SpecSection root = SpecSection.Root(tree, issues);
        PlacedDescription network = new Reading(root, issues).Run();
        root.Finish();
        return issues.Count == before ? network : null;
    }

    private sealed class Reading(SpecSection root, SpecIssues issues)
    {
        private readonly List<LayerDescription> _layers = [];
        private readonly List<SpecSection> _places = [];
        private readonly Dictionary<string, TensorShape> _shapes = [];
        private readonly HashSet<string> _read = [];
        private readonly HashSet<string> _known = [NetworkDescription.InputName];

        public PlacedDescription Run()
        {
            string name = root.RequiredString("name");
            SpecSection input = root.Section("input");
            TensorShape shape = new(input.RequiredInt("height", 1, MaxExtent), input.RequiredInt("width", 1, MaxExtent), input.RequiredInt("channels", 1, MaxExtent));
            bool signed = input.OptionalBool("signed", false);
            _shapes.Add(NetworkDescription.InputName, shape);

            var blocks = new BlockReader(root, issues);
            string previous = NetworkDescription.InputName;
            Dictionary<string, string> names = new() { [previous] = previous };
            foreach (SpecSection section in root.RequiredSections("layers", 1, MaxLayers))
            {
                if (blocks.HasBlocks && section.Required("kind").Node is SpecScalar { Text: "block" })
                {
                    string use = Name(section, names);
                    string source = Resolve(section, section.OptionalString("input") ?? previous, names, "input");
                    foreach ((string instance, IReadOnlyList<SpecSection> layers) in blocks.Expand(section, use))
                    {
                        if (_layers.Count + layers.Count > MaxLayers)
                        {
                            section.Issue("block", $"too many layers, allowed {MaxLayers} after blocks are expanded");
                            return new(new() { Name = name, Input = shape, SignedInput = signed, Layers = [] }, []);
                        }

                        source = AddBlock(instance, layers, source);
                    }

                    names[use] = source;
                    previous = use;
                }
                else
                {
                    string own = Name(section, names);
                    AddLayer(LayerDescriptionReader.Read(section, previous, blocks.HasBlocks ? ["block"] : []), own, "", section, names);
                    names[own] = own;
                    previous = own;
                }
            }

            CheckReaders();
            return new(new() { Name = name, Input = shape, SignedInput = signed, Layers = [.. _layers] }, [.. _places]);
        }

        /// <summary>Adds one repetition of a block, in which <c>input</c> is what the block reads; returns the name of its output.</summary>
        private string AddBlock(string instance, IReadOnlyList<SpecSection> sections, string source)
        {
            Dictionary<string, string> names = new() { [NetworkDescription.InputName] = source };
            string previous = NetworkDescription.InputName;
            foreach (SpecSection section in sections)
            {
                string own = Name(section, names);
                AddLayer(LayerDescriptionReader.Read(section, previous), $"{instance}.{own}", $"{instance}: ", section, names);
                section.Finish();
                names[own] = $"{instance}.{own}";
                previous = own;
            }

            return names[previous];
        }

        private static string Name(SpecSection section, Dictionary<string, string> names)
        {
            string name = section.RequiredString("name");
            if (name.Any(character => !char.IsAsciiLetterOrDigit(character) && character != '_'))
            {
                section.Issue("name", $"not a layer name, found '{name}', allowed letters, digits and underscores");
            }

            if (names.ContainsKey(name))
            {
                section.Issue("name", $"not unique, found '{name}' again, allowed a name of its own ('{NetworkDescription.InputName}' is the image, in a block what it reads)");
            }

            return name;
        }

        /// <summary>The full name of what a layer reads; after a finding, the network's input.</summary>
        private string Resolve(SpecSection section, string name, Dictionary<string, string> names, string key)
        {
            if (names.TryGetValue(name, out string? full))
            {
                _read.Add(full);
                return full;
            }

            string suggestion = NearestName.Suggestion(name, [.. names.Keys]);
            section.Issue(key, $"no earlier layer has this name, found '{name}'{suggestion}, allowed {string.Join(", ", names.Keys)}");
            return NetworkDescription.InputName;
        }

        private void AddLayer(LayerDescription layer, string name, string where, SpecSection section, Dictionary<string, string> names)
        {
            string key = layer.Inputs.Length > 1 ? "inputs" : "input";
            layer = layer with { Name = name, Inputs = [.. layer.Inputs.Select(input => Resolve(section, input, names, key))] };
            _layers.Add(layer);
            _places.Add(section);

            // A layer is checked against its inputs only where all are sound themselves.
            if (!layer.Inputs.All(_shapes.ContainsKey) || !_known.Add(name))
            {
                return;
            }

            ImmutableArray<TensorShape> inputs = [.. layer.Inputs.Select(input => _shapes[input])];
            if (Misfit(layer, inputs) is (string wrong, string message))
            {
                section.Issue(wrong, where + message);
            }
            else
            {
                _shapes.Add(name, layer.OutputOf(inputs));
            }
        }

        private static (string Key, string Message)? Misfit(LayerDescription layer, ImmutableArray<TensorShape> inputs) =>
            layer.Misfit(inputs)
            ?? (layer.OutputOf(inputs) is var output && output.Elements > TensorRules.MaxElements
                ? ("kind", $"too large a tensor, found {output}, allowed {TensorRules.MaxElements} elements")
                : layer.Weights(inputs[0]) > TensorRules.MaxElements
                    ? ("kind", $"too many weights, found {layer.Weights(inputs[0])}, allowed {TensorRules.MaxElements}")
                    : null);

        private void CheckReaders()
        {
            for (int i = 0; i < _layers.Count - 1; i++)
            {
                if (!_read.Contains(_layers[i].Name))
                {
                    _places[i].Issue("name", $"no layer reads its output, found '{_layers[i].Name}', allowed for the last layer only");
                }
            }
        }
    }
}
