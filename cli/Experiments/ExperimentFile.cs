// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Methods;
using NnTrain.Lowering;
using NnTrain.Rewriting;
using NnTrain.Specification;
using NnTrain.Training;

namespace Cli.Experiments;

/// <summary>Reads an experiment and the files that it names, with single values replaced where a sweep asks for it.</summary>
public static class ExperimentFile
{
    private const int MaxImages = 1_000_000;

    /// <summary>A value that replaces the one at <paramref name="Path"/>: <c>accelerator.array.rows</c>, <c>training.seed</c>, <c>test_images</c>, ...</summary>
    public sealed record Override(string Path, SpecNode Value);

    /// <summary>The experiment of a file, or null after findings.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Replacements, applied in order.</param>
    /// <param name="issues">Receives every finding in the file and in those that it names.</param>
    /// <param name="checkFit">Whether the design must be able to run the network; without, the parts are only read.</param>
    public static ExperimentSpec? Load(string path, IReadOnlyList<Override> overrides, SpecIssues issues, bool checkFit = true)
    {
        // One list for each file: what an earlier one already told (a data set that all are to have) is a finding here, too.
        SpecIssues own = [];
        try
        {
            return Read(path, overrides, own, checkFit);
        }
        finally
        {
            issues.AddRange(own);
        }
    }

    private static ExperimentSpec? Read(string path, IReadOnlyList<Override> overrides, SpecIssues issues, bool checkFit)
    {
        SpecNode? tree = Apply(YamlFile.LoadWithBase(path, issues), overrides.Where(o => !IsPart(o.Path)), issues);
        SpecSection root = SpecSection.Root(tree, issues);
        string name = root.RequiredString("name");
        if (name.Length > 0 && (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) || name[0] == '.'))
        {
            root.Issue("name", $"not a name for a folder, found '{name}', allowed letters, digits, '-', '_' and '.'");
        }

        string description = root.OptionalString("description") ?? "";
        SpecNode? acceleratorTree = Tree(root, "accelerator", overrides, issues);
        SpecNode? networkTree = !root.Has("integer_network") ? Tree(root, "network", overrides, issues) : null;
        SpecNode? trainingTree = !root.Has("integer_network") ? Tree(root, "training", overrides, issues) : null;
        AcceleratorSpec? accelerator = acceleratorTree is null ? null : AcceleratorFile.Read(acceleratorTree, issues);
        bool stored = root.Has("integer_network");
        ExperimentSpec experiment = new()
        {
            Name = name,
            Description = description,
            Stored = stored ? ReadStored(root, issues) : null,
            Trained = stored ? null : ReadTrained(root, networkTree, trainingTree, issues),
            Accelerator = accelerator!,
            TestImages = root.OptionalInt("test_images", stored ? MaxImages : 10_000, 1, MaxImages),
            Verification = ReadVerification(root.SectionOrEmpty("verification")),
        };
        root.Finish();
        if (experiment.Trained is { Training.QuantizedPhase.BitAllocation: LearnedAllocationSpec { NeedsDesign: true } } priced)
        {
            experiment = experiment with { Trained = priced with { Accelerator = accelerator } };
        }

        if (checkFit && issues.Count == 0)
        {
            CheckFit(experiment, networkTree, trainingTree, acceleratorTree!, issues);
        }

        return issues.Count == 0 ? experiment : null;
    }

    /// <summary>The tree of the design that an experiment names, or null after findings.</summary>
    public static SpecNode? AcceleratorTree(string path, SpecIssues issues) =>
        Tree(SpecSection.Root(YamlFile.LoadWithBase(path, issues), issues), "accelerator", [], issues);

    /// <summary>Whether the design can run the network, and the data set feed it, is known before anything is trained.</summary>
    private static void CheckFit(ExperimentSpec experiment, SpecNode? networkTree, SpecNode? trainingTree, SpecNode acceleratorTree, SpecIssues issues)
    {
        if (experiment.Stored is StoredSource stored)
        {
            string file = Path.Combine(stored.NetworkDirectory, NetworkFile.JsonName);
            FitRules.Check(stored.Network, YamlFile.Load(file, new()), file, experiment.Accelerator, acceleratorTree, issues);
            return;
        }

        DatasetRules.CheckShapes(experiment.Trained!, networkTree!, issues);
        foreach (Finding finding in NetworkRules.Check(experiment.Trained!.Network, experiment.Trained.Training).Concat(AccumulatorRules.Check(experiment.Trained.Training, experiment.Accelerator)))
        {
            issues.Add(trainingTree!, finding);
        }

        if (issues.Count > 0)
        {
            return;
        }

        if (NetworkOutline.Of(experiment.Trained!.Network, experiment.Trained.Training, experiment.Accelerator.Requantizer.Rounding) is IntegerNetwork outline)
        {
            FitRules.Check(outline, networkTree, "", experiment.Accelerator, acceleratorTree, issues);
        }

        if (issues.Count == 0)
        {
            CheckBudget(experiment.Trained, trainingTree!, issues);
        }
    }

    /// <summary>Bits that are learned within a budget need one that the least bits keep.</summary>
    private static void CheckBudget(TrainedSource source, SpecNode trainingTree, SpecIssues issues)
    {
        if (source.Training.QuantizedPhase is { BitAllocation: LearnedAllocationSpec { Budget: double budget } learned } phase
            && HardwareCost.Least(source.Network, phase, learned, source.Accelerator) is double least && least > budget)
        {
            issues.Add(trainingTree, new Finding("quantized_phase.bit_allocation.budget", FormattableString.Invariant(
                $"not even {learned.LeastBits} bits everywhere are within it, found {budget}, allowed at least {least} ({EnumNames.Of(learned.Objective)})")));
        }
    }

    private static readonly string[] Parts = ["accelerator", "network", "training"];

    private static bool IsPart(string path) => Parts.Any(part => path.StartsWith(part + '.', StringComparison.Ordinal));

    private static SpecNode? Apply(SpecNode? tree, IEnumerable<Override> overrides, SpecIssues issues)
    {
        foreach (Override replacement in overrides)
        {
            tree = tree?.With(replacement.Path, replacement.Value, issues);
        }

        return tree;
    }

    /// <summary>The file that <paramref name="key"/> names, or the section that stands in its place, with overrides applied.</summary>
    private static SpecNode? Tree(SpecSection root, string key, IReadOnlyList<Override> overrides, SpecIssues issues)
    {
        SpecValue value = root.Required(key);
        SpecNode? tree = value.Node is SpecMapping ? value.Node : (key == "training" ? MethodRecipe.FileOf(value) : value.AsFile()) is string file ? YamlFile.LoadWithBase(file, issues) : null;
        string prefix = key + '.';
        return Apply(
            tree, overrides.Where(o => o.Path.StartsWith(prefix, StringComparison.Ordinal)).Select(o => o with { Path = o.Path[prefix.Length..] }), issues);
    }

    private static TrainedSource ReadTrained(SpecSection root, SpecNode? networkTree, SpecNode? trainingTree, SpecIssues issues)
    {
        NetworkSpec? network = networkTree is null ? null : NetworkSpecFile.Read(networkTree, issues);
        TrainingSpec? training = trainingTree is null ? null : TrainingSpecFile.Read(trainingTree, issues);
        if (network is not null && training is not null)
        {
            CheckLayerNames(network, training, trainingTree!, issues);
        }

        return new(DatasetRules.Name(root.Required("dataset")), network!, training!) { FloatNetwork = ReadFloatNetwork(root, network, training) };
    }

    private static void CheckLayerNames(NetworkSpec network, TrainingSpec training, SpecNode tree, SpecIssues issues)
    {
        string[] layers = [.. network.MatrixLayers.Select(layer => layer.Name)];
        string[] joining = [.. network.Layers.Where(layer => layer is IJoiningSpec).Select(layer => layer.Name)];
        foreach (string name in (training.QuantizedPhase?.LayerWeights?.Keys ?? []).Where(name => !layers.Contains(name)))
        {
            issues.Add(tree, new($"quantized_phase.layer_weights.{name}", $"no layer with weights, found '{name}'{NearestName.Suggestion(name, layers)}, allowed {string.Join(", ", layers)}"));
        }

        string[] withBits = [.. layers, .. joining];
        foreach ((string name, LayerBits bits) in training.QuantizedPhase?.LayerBits ?? ImmutableSortedDictionary<string, LayerBits>.Empty)
        {
            if (!withBits.Contains(name))
            {
                issues.Add(tree, new($"quantized_phase.layer_bits.{name}", $"no layer with bits of its own, found '{name}'{NearestName.Suggestion(name, withBits)}, allowed {string.Join(", ", withBits)}"));
            }
            else if (bits.Weights is not null && joining.Contains(name))
            {
                issues.Add(tree, new($"quantized_phase.layer_bits.{name}.weights", $"'{name}' joins tensors and has no weights, allowed activations"));
            }
        }

        if (training.QuantizedPhase?.LayerBits?.GetValueOrDefault(layers[^1])?.Activations is not null)
        {
            issues.Add(tree, new($"quantized_phase.layer_bits.{layers[^1]}.activations", "the class scores have the bits of 'output', allowed with every layer but the last"));
        }
    }

    /// <summary>A float checkpoint of the same topology, for a recipe that starts from one.</summary>
    private static FloatNetworkSource? ReadFloatNetwork(SpecSection root, NetworkSpec? network, TrainingSpec? training)
    {
        string? stated = root.OptionalString("float_network_sha256");
        if (root.Optional("float_network") is not SpecValue value)
        {
            return null;
        }

        string directory = value.AsPath();
        string file = Path.Combine(directory, TrainedNetwork.FileName);
        if (training is not null && training.QuantizedPhase is not { WarmStart: true })
        {
            value.Issue("nothing starts from it, allowed where the recipe has a quantized_phase with warm_start: true");
        }

        if (!File.Exists(file))
        {
            value.Issue($"not a trained network, found no {TrainedNetwork.FileName} in '{directory}', allowed a folder that train wrote");
            return null;
        }

        try
        {
            TrainedNetwork trained = TrainedNetwork.Load(directory);
            if (network is not null && SpecHash.Of(trained.Network) != SpecHash.Of(network))
            {
                value.Issue($"of another topology, found '{trained.Network.Name}', allowed the network of the experiment, '{network.Name}'");
            }

            if (training is not null && trained.Recipe.BatchNorm == BatchNormKind.None != (training.BatchNorm == BatchNormKind.None))
            {
                value.Issue($"its weights are those of another recipe, found batch_norm: {EnumNames.Of(trained.Recipe.BatchNorm)}, allowed {(training.BatchNorm == BatchNormKind.None ? "none" : "folded or thresholds")}, as the training has it");
            }

            if (training is not null && trained.Recipe.Norm != training.Norm)
            {
                value.Issue($"its batch norm divides by something else, found {NameOf(trained.Recipe.Norm)}, allowed {NameOf(training.Norm)}, as the training has it");
            }

            var source = new FloatNetworkSource(trained, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
            CheckHash(root, "float_network_sha256", stated, source.Sha256);
            return source;
        }
        catch (TrainingFileException exception)
        {
            value.Issue(exception.Message);
            return null;
        }
    }

    private static string NameOf(NormSpec? norm) =>
        norm is null ? "no norm" : $"norm: {{kind: {EnumNames.Of(norm.Kind)}{(norm.Reading is Reading reading ? $", reading: {EnumNames.Of(reading)}" : "")}}}";

    private static StoredSource? ReadStored(SpecSection root, SpecIssues issues)
    {
        string directory = root.Required("integer_network").AsPath();
        SpecSection test = root.Section("test_set");
        string? images = test.RequiredFile("images"), labels = test.RequiredFile("labels");
        string? networkHash = root.OptionalString("integer_network_sha256"), testHash = test.OptionalString("sha256");
        if (directory.Length == 0 || NetworkFile.Load(directory, issues) is not IntegerNetwork network || images is null || labels is null)
        {
            return null;
        }

        try
        {
            var stored = new StoredSource(directory, network, TestSet.Load(images, labels, network));
            CheckHash(root, "integer_network_sha256", networkHash, stored.NetworkSha256);
            CheckHash(test, "sha256", testHash, stored.TestSha256);
            return stored;
        }
        catch (Exception exception) when (exception is CommandException or NpyException)
        {
            test.Issue(exception.Message);
            return null;
        }
    }

    private static void CheckHash(SpecSection section, string key, string? stated, string found)
    {
        if (stated is not null && stated != found)
        {
            section.Issue(key, $"the files hold something else, found content with the SHA-256 {found}, allowed {stated}");
        }
    }

    private static VerificationSpec ReadVerification(SpecSection section) => new(
        section.OptionalEnum("simulator", VerificationSimulator.Auto),
        section.OptionalInt("images", 2, 1, 1000));
}
