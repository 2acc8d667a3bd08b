// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using NnTrain.Lowering;
using AccelModel.Networks.Description;
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Networks;
using Cli.Sweeps.Space;

namespace Cli.Sweeps.Timing;

/// <summary>The network of a point whose values are not computed.</summary>
/// <param name="Fits">What decides whether a design can run it.</param>
/// <param name="Times">What decides about its schedule: weights are not in it, unless their number of values is (<c>codebook</c>).</param>
/// <param name="Make">Makes it.</param>
public sealed record TimedNetwork(object Fits, object Times, Func<IntegerNetwork> Make);

/// <summary>
/// Networks of points whose values are not computed: those of a folder, random ones of a description in the formats that the design runs, or the outline of what an experiment would train.
/// </summary>
public abstract class SweepNetworks
{
    /// <summary>The networks of a sweep.</summary>
    public static SweepNetworks Of(SweepSpec sweep) => sweep.Experiment.Length > 0 ? new ExperimentNetworks(sweep) : new NamedNetworks(sweep);

    /// <summary>The network of a point; null after saying what is wrong with it.</summary>
    public abstract TimedNetwork? Of(ReadOnlySpan<int> point, AcceleratorSpec accelerator, out string problem);

    /// <summary>The names of the layers of a point's network that are more than addressing; none where the point has no network.</summary>
    public virtual IEnumerable<string> LayersOf(ReadOnlySpan<int> point, AcceleratorSpec accelerator) =>
        Of(point, accelerator, out _)?.Make().Layers.Where(layer => layer is not (ConcatLayer or ChannelShuffleLayer)).Select(layer => layer.Name) ?? [];

    /// <summary>What the networks are, for the identity of the sweep.</summary>
    public abstract object Identity { get; }
}

/// <summary>Networks by name, description file or folder.</summary>
internal sealed class NamedNetworks : SweepNetworks
{
    /// <summary>Networks with many weights are large: only the last ones are kept.</summary>
    private const int Kept = 2;

    private sealed record Source(string Name, IntegerNetwork? Stored, NetworkDescription? Description);

    private const string Key = "network";

    private readonly int _axis;
    private readonly ImmutableArray<Source> _sources;
    private readonly List<(object Key, Lazy<IntegerNetwork> Network)> _made = [];

    public NamedNetworks(SweepSpec sweep)
    {
        _axis = AxisOf(sweep);
        SpecIssues issues = [];
        _sources = Load(sweep, issues);
        issues.ThrowIfAny();
    }

    /// <summary>Tells what is wrong with the networks of a sweep that will not run for other reasons.</summary>
    public static void AddFindings(SweepSpec sweep, SpecIssues issues) => Load(sweep, issues);

    private static int AxisOf(SweepSpec sweep) => sweep.Axes.ToList().FindIndex(axis => axis.Keys.Contains(Key));

    /// <summary>The sweep's own network, then those of the axis that sets it.</summary>
    private static ImmutableArray<Source> Load(SweepSpec sweep, SpecIssues issues)
    {
        SpecScalar own = new(sweep.NetworkPosition ?? SpecPosition.StartOf(sweep.File), sweep.Network, Quoted: false);
        SweepAxis? axis = AxisOf(sweep) is int index and >= 0 ? sweep.Axes[index] : null;
        return [Load(own, issues), .. axis?.Values.Select(value => Load(value.ByKey[axis.Keys.IndexOf(Key)], issues)) ?? []];
    }

    /// <inheritdoc/>
    public override object Identity => _sources.Select(source => source.Stored is IntegerNetwork stored ? SpecHash.Of(stored) : File.ReadAllText(NetworkCatalogue.FileOf(source.Name))).ToArray();

    /// <inheritdoc/>
    public override TimedNetwork? Of(ReadOnlySpan<int> point, AcceleratorSpec accelerator, out string problem)
    {
        int index = IndexOf(point);
        Source source = _sources[index];
        problem = "";
        if (source.Stored is IntegerNetwork stored)
        {
            return new(index, index, () => stored);
        }

        NetworkFormats formats = NetworkFormats.For(accelerator);
        if (NetworkGenerator.Problems(source.Description!, formats) is [string first, ..])
        {
            problem = $"{source.Name}: {first}";
            return null;
        }

        bool codebook = formats.Weights == WeightGrid.Codebook;
        NetworkFormats timed = formats with { WeightBits = codebook ? formats.WeightBits : 0, Rounding = default, MultiplierWidth = 0, MaximumShift = 0 };

        // A narrow value may stand for two of a codebook.
        int valueWidth = codebook ? accelerator.Array.CodebookValueWidth : 0;
        return new((index, formats), (index, timed, valueWidth), () => FittedNetwork.Of(Made((index, formats), source.Description!, formats), accelerator));
    }

    /// <summary>Without making large weights for it.</summary>
    public override IEnumerable<string> LayersOf(ReadOnlySpan<int> point, AcceleratorSpec accelerator) =>
        _sources[IndexOf(point)].Description is NetworkDescription description
            ? description.Layers.Where(layer => layer is not (ConcatDescription or ChannelShuffleDescription or FlattenDescription)).Select(layer => layer.Name)
            : base.LayersOf(point, accelerator);

    private int IndexOf(ReadOnlySpan<int> point) => _axis < 0 || point[_axis] == PointSpace.Absent ? 0 : point[_axis] + 1;

    private IntegerNetwork Made(object key, NetworkDescription description, NetworkFormats formats)
    {
        Lazy<IntegerNetwork>? network;
        lock (_made)
        {
            network = _made.Find(entry => entry.Key.Equals(key)).Network;
            if (network is null)
            {
                network = new(() => NetworkGenerator.Generate(description, formats, GeneratorOptions.DefaultSeed));
                _made.Add((key, network));
                if (_made.Count > Kept)
                {
                    _made.RemoveAt(0);
                }
            }
        }

        return network.Value;
    }

    private static Source Load(SpecScalar value, SpecIssues issues)
    {
        string beside = Path.Combine(Path.GetDirectoryName(value.Position.File) ?? "", value.Text);
        string name = NetworkCatalogue.Has(value.Text) || Path.IsPathRooted(value.Text) || !Path.Exists(beside) ? value.Text : beside;
        if (Directory.Exists(name))
        {
            return new(name, NetworkFile.Load(name, issues), null);
        }

        try
        {
            return new(name, null, NetworkCatalogue.Load(name));
        }
        catch (CommandException exception)
        {
            issues.Add(value.Position, "network", exception.Message);
        }
        catch (SpecException exception)
        {
            issues.AddRange(exception.Issues);
        }

        return new(name, null, null);
    }
}

/// <summary>The networks of an experiment, before any training: one for each combination of values that do not belong to the design.</summary>
internal sealed class ExperimentNetworks(SweepSpec sweep) : SweepNetworks
{
    private sealed record Source(int Number, ExperimentSpec? Experiment, string Problem);

    private readonly Dictionary<string, Source> _sources = [];
    private readonly Dictionary<(int, RoundingMode), Lazy<IntegerNetwork>> _outlines = [];

    /// <inheritdoc/>
    public override object Identity
    {
        get
        {
            Source source = Find([.. sweep.Axes.Select(axis => axis.When is null ? 0 : PointSpace.Absent)]);
            return new object?[] { source.Experiment?.Trained, source.Experiment?.Stored, source.Problem };
        }
    }

    /// <inheritdoc/>
    public override TimedNetwork? Of(ReadOnlySpan<int> point, AcceleratorSpec accelerator, out string problem)
    {
        Source source = Find(point);
        problem = source.Problem;
        if (source.Experiment is not ExperimentSpec experiment)
        {
            return null;
        }

        if (experiment.Stored is StoredSource stored)
        {
            return new(source.Number, source.Number, () => stored.Network);
        }

        // Of a design the outline reads the rounding, which no time depends on.
        RoundingMode rounding = accelerator.Requantizer.Rounding;
        return new((source.Number, rounding), source.Number, () => Outline(source.Number, experiment.Trained!, rounding));
    }

    private IntegerNetwork Outline(int number, TrainedSource source, RoundingMode rounding)
    {
        lock (_outlines)
        {
            if (!_outlines.TryGetValue((number, rounding), out Lazy<IntegerNetwork>? outline))
            {
                _outlines.Add((number, rounding), outline = new(() => NetworkOutline.Of(source.Network, source.Training, rounding)!));
            }

            return outline.Value;
        }
    }

    private Source Find(ReadOnlySpan<int> point)
    {
        List<ExperimentFile.Override> overrides = sweep.TestImages is SpecNode images ? [new("test_images", images)] : [];
        var key = new System.Text.StringBuilder();
        for (int a = 0; a < sweep.Axes.Length; a++)
        {
            SweepAxis axis = sweep.Axes[a];
            for (int k = 0; k < axis.Keys.Length; k++)
            {
                if (!axis.Keys[k].StartsWith("accelerator", StringComparison.Ordinal) && point[a] != PointSpace.Absent)
                {
                    key.Append(a).Append(':').Append(point[a]).Append(' ');
                    overrides.Add(new(axis.Keys[k], axis.Values[point[a]].ByKey[k]));
                }
            }
        }

        lock (_sources)
        {
            if (!_sources.TryGetValue(key.ToString(), out Source? source))
            {
                SpecIssues issues = [];
                ExperimentSpec? experiment = ExperimentFile.Load(sweep.Experiment, overrides, issues, checkFit: false);
                string problem = string.Join('\n', issues.Select(sweep.RelativeText));
                if (experiment?.Trained is { Training.QuantizedPhase: null })
                {
                    (experiment, problem) = (null, "training: a recipe in floating point only has no codes, allowed a recipe with quantized_phase");
                }

                _sources.Add(key.ToString(), source = new(_sources.Count, experiment, problem));
            }

            return source;
        }
    }
}
