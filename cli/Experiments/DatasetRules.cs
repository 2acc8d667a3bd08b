// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Commands;
using NnTrain.Data;
using NnTrain.Specification;

namespace Cli.Experiments;

/// <summary>Whether a data set is known and fits a network, with findings placed in the files that name them.</summary>
internal static class DatasetRules
{
    /// <summary>The name of a data set that is known or was imported; whether its files are here is another question.</summary>
    public static string Name(SpecValue value)
    {
        string name = value.AsString();
        IReadOnlyList<string> known = DatasetCatalogue.Names(DataFolder.Path);
        if (name.Length > 0 && !known.Contains(name))
        {
            string suggestion = NearestName.Suggestion(name, known);
            value.Issue(
                $"no such data set, found '{name}'{suggestion}, allowed {string.Join(", ", known)}; own IDX files become one with 'codesign data get {name} --from FOLDER'");
        }

        return name;
    }

    /// <summary>Adds findings where a network does not read the images of its data set or does not have an output for each class.</summary>
    public static void CheckShapes(TrainedSource source, SpecNode networkTree, SpecIssues issues)
    {
        DatasetDescription dataset = DatasetCatalogue.Find(source.Dataset, DataFolder.Path);
        FeatureShape input = source.Network.Input;
        if ((input.Height, input.Width, input.Channels) != (dataset.Height, dataset.Width, dataset.Channels))
        {
            issues.Add(networkTree, new(
                "input",
                $"not the shape of the images, found {input.Height} x {input.Width} x {input.Channels}, allowed {dataset.Height} x {dataset.Width} x {dataset.Channels} (data set {dataset.Name})"));
        }

        int last = source.Network.Layers.Length - 1;
        int outputs = ((DenseSpec)source.Network.Layers[last]).Outputs;
        if (outputs != dataset.ClassNames.Count)
        {
            issues.Add(networkTree, new(
                $"layers[{last}].outputs", $"not one output for each class, found {outputs}, allowed {dataset.ClassNames.Count} (data set {dataset.Name})"));
        }
    }
}
