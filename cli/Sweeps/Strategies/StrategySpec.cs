// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace Cli.Sweeps.Strategies;

/// <summary>How the points that are tried are chosen.</summary>
public enum StrategyKind
{
    /// <summary>All of them, in order.</summary>
    Grid,

    /// <summary>Some, each as likely as any other.</summary>
    Random,

    /// <summary>Some, so that each axis is covered evenly: one in each of as many equal strata as there are points.</summary>
    LatinHypercube,

    /// <summary>Generations that are bred from the best ones (Deb et al., IEEE TEC 6(2), 2002).</summary>
    Nsga2,

    /// <summary>Some points with few epochs, the best of them with more, and so on (Jamieson and Talwalkar, AISTATS 2016).</summary>
    SuccessiveHalving,
}

/// <summary>A strategy and its settings.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Points">Points to try; 0 for all of a grid.</param>
/// <param name="Population">Points of a generation.</param>
/// <param name="Seed">Seed of everything that is drawn.</param>
public sealed record StrategySpec(StrategyKind Kind, int Points, int Population, ulong Seed)
{
    /// <summary>Of so many points one goes on to so many times the epochs.</summary>
    public int Eta { get; init; }

    /// <summary>Epochs of the quantised phase that every point gets.</summary>
    public int MinEpochs { get; init; }

    /// <summary>Points that <see cref="StrategyKind.Nsga2"/> tries first, a label of each axis; null for none.</summary>
    public ImmutableArray<ImmutableArray<string>>? Start { get; init; }

    /// <summary>The full grid.</summary>
    public static StrategySpec Grid { get; } = new(StrategyKind.Grid, 0, 0, 0);

    private const int DefaultPopulation = 40;
    private const int DefaultEta = 3;
    private const int MaxEta = 64;
    private const int MaxEpochs = 100_000;
    private const int MaxPopulation = 10_000;
    private const int MaxPoints = 10_000_000;

    /// <summary>Reads the section <c>strategy</c>; a grid where there is none.</summary>
    public static StrategySpec Read(SpecSection? section, IReadOnlyList<SweepAxis> axes)
    {
        if (section is null)
        {
            return Grid;
        }

        StrategyKind kind = section.RequiredEnum<StrategyKind>("kind");
        if (kind == StrategyKind.Grid)
        {
            return Grid;
        }

        int points = section.RequiredInt("points", 1, MaxPoints);
        int population = kind == StrategyKind.Nsga2 ? section.OptionalInt("population", DefaultPopulation, 4, MaxPopulation) : 0;
        bool halves = kind == StrategyKind.SuccessiveHalving;
        return new(kind, points, population, (ulong)section.OptionalInt("seed", 1, 0, int.MaxValue))
        {
            Eta = halves ? section.OptionalInt("eta", DefaultEta, 2, MaxEta) : 0, MinEpochs = halves ? section.OptionalInt("min_epochs", 1, 1, MaxEpochs) : 0,
            Start = kind == StrategyKind.Nsga2 && section.Optional("start") is SpecValue start ? ReadStart(start, axes, Math.Min(points, population)) : null,
        };
    }

    /// <summary>Points as lists of one value for each axis.</summary>
    private static ImmutableArray<ImmutableArray<string>> ReadStart(SpecValue start, IReadOnlyList<SweepAxis> axes, int most)
    {
        var points = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        HashSet<string> names = [];
        foreach (SpecValue point in start.AsList(1, most))
        {
            IReadOnlyList<SpecValue> values = point.AsList(axes.Count, axes.Count);
            if (values.Count != axes.Count)
            {
                continue;
            }

            ImmutableArray<string> labels = [.. values.Select((value, axis) => LabelOf(value, axes[axis]))];
            if (!names.Add(string.Join('\n', labels)))
            {
                point.Issue("points to start from are different ones, found one again, allowed each once");
            }

            points.Add(labels);
        }

        return points.ToImmutable();
    }

    private static string LabelOf(SpecValue value, SweepAxis axis)
    {
        string text = value.AsString();
        if (!axis.Values.Any(known => known.Label == text))
        {
            value.Issue($"a value that the axis '{axis.Name}' does not take, found '{text}', allowed {string.Join(", ", axis.Values.Take(20).Select(known => known.Label))}");
        }

        return text;
    }
}
