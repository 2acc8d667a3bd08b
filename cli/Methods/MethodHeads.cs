// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Results;

namespace Cli.Methods;

/// <summary>A method that is run longer.</summary>
/// <param name="Method">Its id.</param>
/// <param name="Epochs">Epochs of the method; 0 for one without training.</param>
public sealed record MethodHead(string Method, int Epochs);

/// <summary>The methods of <c>configs/method-heads.yaml</c>: the best of their families, on a larger network, for more epochs, with several seeds.</summary>
/// <param name="Network">The file of the network, as it stands in the list.</param>
/// <param name="Seeds">Seeds of the trainings.</param>
/// <param name="FloatEpochs">Epochs in floating point.</param>
/// <param name="Heads">The methods, in the file's order.</param>
public sealed record MethodHeads(SpecNode Network, ImmutableArray<int> Seeds, int FloatEpochs, ImmutableArray<MethodHead> Heads)
{
    private const int MostEpochs = 1000;

    /// <summary>The file.</summary>
    public static string File => Path.Combine(CommandContext.Repository, "configs", "method-heads.yaml");

    /// <summary>The list of the file.</summary>
    /// <exception cref="SpecException">Findings in the file.</exception>
    public static MethodHeads Load(ImmutableArray<Method> methods)
    {
        SpecIssues issues = [];
        MethodHeads heads = Read(YamlFile.LoadWithBase(File, issues), methods, issues);
        issues.ThrowIfAny();
        return heads;
    }

    /// <summary>The list of a tree; findings where it is none.</summary>
    public static MethodHeads Read(SpecNode? tree, ImmutableArray<Method> methods, SpecIssues issues)
    {
        SpecSection root = SpecSection.Root(tree, issues);
        string[] running = MethodCatalogue.Running(methods);
        SpecNode network = root.Required("network").Node;
        ImmutableArray<int> seeds = [.. root.Required("seeds").AsList(1, 100).Select(seed => seed.AsInt(0, int.MaxValue))];
        int floatEpochs = root.RequiredInt("float_epochs", 1, MostEpochs);
        HashSet<string> names = [];
        var heads = ImmutableArray.CreateBuilder<MethodHead>();
        foreach (SpecSection section in root.RequiredSections("heads", 1, 100))
        {
            MethodHead head = new(section.Required("method").AsChoice(running), section.RequiredInt("epochs", 0, MostEpochs));
            heads.Add(head);
            if (!names.Add(head.Method))
            {
                section.Issue("method", $"not unique, found '{head.Method}' again, allowed each method once");
            }
        }

        root.Finish();
        return new(network, seeds, floatEpochs, heads.ToImmutable());
    }

    /// <summary>The experiment of one training: the method's own with another network, seed and other epochs.</summary>
    public ResultEntry EntryOf(MethodHead head, int seed, Method method, SpecIssues issues)
    {
        string file = MethodCatalogue.ExperimentOf(head.Method);
        ExperimentSpec? experiment = ExperimentFile.Load(
            file,
            [
                new("name", Scalar($"head-{head.Method}-{seed}")),
                new("network", Network),
                new("training.seed", Scalar(seed)),
                new("training.float_phase.epochs", Scalar(FloatEpochs)),
                new("training.quantized_phase.epochs", Scalar(head.Epochs)),
            ],
            issues);
        return new(method.Title, file, experiment!, new ResultTarget(AccuracyKind.Integer, AtLeast: null, WithinOfFloat: null));
    }

    private SpecScalar Scalar(FormattableString text) => new(Network.Position, FormattableString.Invariant(text), Quoted: false);

    private SpecScalar Scalar(int number) => Scalar($"{number}");
}
