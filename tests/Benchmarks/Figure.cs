// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Benchmarks;

/// <summary>One measured figure beside a peer's or a limit's.</summary>
/// <param name="Benchmark">Name of the benchmark.</param>
/// <param name="What">What was measured: network, instruction set, width of the sums, threads.</param>
/// <param name="Ours">Our figure, with its unit.</param>
/// <param name="Other">The peer's or the limit's figure of the same run, and whose it is.</param>
/// <param name="Ratio">The ratio that the goal is about.</param>
/// <param name="Goal">What is asked for; empty where the figure is only reported.</param>
/// <param name="IsMet">Whether it is; null where nothing is asked for.</param>
internal sealed record Figure(string Benchmark, string What, string Ours, string Other, string Ratio, string Goal, bool? IsMet)
{
    /// <summary>Met, not met, or nothing.</summary>
    public string Verdict => IsMet switch { true => "met", false => "not met", null => "" };
}

/// <summary>What a ratio shall be.</summary>
/// <param name="Limit">The bound.</param>
/// <param name="AtLeast">Whether it is a lower bound, else an upper one.</param>
internal readonly record struct Goal(double Limit, bool AtLeast)
{
    /// <summary>At least so many times as good.</summary>
    public static Goal Least(double limit) => new(limit, true);

    /// <summary>At most so many times.</summary>
    public static Goal Most(double limit) => new(limit, false);

    /// <summary>Whether a ratio meets it.</summary>
    public bool IsMetBy(double ratio) => AtLeast ? ratio >= Limit : ratio <= Limit;

    public override string ToString() => $"{(AtLeast ? ">=" : "<=")} {Text(Limit)}";

    /// <summary>Three digits, thousands apart.</summary>
    public static string Text(double ratio) => ratio.ToString(ratio >= 100 ? "#,##0" : ratio >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture) + "x";
}

/// <summary>The figures of one benchmark: printed as they come.</summary>
internal sealed class Figures(string benchmark)
{
    private readonly List<Figure> all = [];

    /// <summary>All so far.</summary>
    public IReadOnlyList<Figure> All => all;

    /// <summary>A figure beside another one.</summary>
    public void Add(FormattableString what, FormattableString ours, FormattableString other, double ratio, Goal? goal = null) =>
        Add(new Figure(benchmark, Text(what), Text(ours), Text(other), Goal.Text(ratio), goal?.ToString() ?? "", goal?.IsMetBy(ratio)));

    /// <summary>Something that could not be measured, and why.</summary>
    public void Missing(FormattableString what, FormattableString why) => Add(new Figure(benchmark, Text(what), "not measured", Text(why), "", "", null));

    private void Add(Figure figure)
    {
        all.Add(figure);
        string goal = figure.Goal.Length == 0 ? "" : $", goal {figure.Goal}: {figure.Verdict}";
        Console.WriteLine($"{figure.Benchmark,-11} {figure.What}: {figure.Ours}; {figure.Other}{(figure.Ratio.Length == 0 ? "" : ": " + figure.Ratio)}{goal}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
