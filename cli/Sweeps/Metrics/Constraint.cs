// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AccelModel.Specification.Yaml;

namespace Cli.Sweeps.Metrics;

/// <summary>What a point must keep to: <c>metric relation limit</c>.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="Relation">One of &lt;, &lt;=, &gt;, &gt;=, ==.</param>
/// <param name="Limit">The limit, in the metric's own unit.</param>
/// <param name="Text">As it was written.</param>
public sealed partial record Constraint(Metric Metric, string Relation, double Limit, string Text)
{
    /// <summary>Where it stands in the sweep file; null for one of a command line.</summary>
    public SpecPosition? Position { get; init; }

    /// <summary>Whether a value keeps to it; one that is not known does not.</summary>
    public bool Holds(double? value) => Relation switch
    {
        "<" => value < Limit,
        "<=" => value <= Limit,
        ">" => value > Limit,
        ">=" => value >= Limit,
        _ => value == Limit,
    };

    /// <summary>How far a value is from keeping to it, in parts of the limit; 0 where it does.</summary>
    public double Violation(double? value) =>
        Holds(value) ? 0 : value is double found && double.IsFinite(found) ? Math.Max(Math.Abs(found - Limit) / Math.Max(Math.Abs(Limit), 1e-12), double.Epsilon) : double.PositiveInfinity;

    /// <summary>The constraint that a design fits a device; null after saying what is wrong with its name.</summary>
    public static Constraint? Fits(string device, out string problem) => DeviceShares.Find(device, out problem) is Metric share ? new(share, "<=", 1, $"fits({device})") : null;

    /// <summary>The constraint of a text such as <c>latency &lt; 200 us</c> or <c>fits(zynq-7020)</c>; null after saying what is wrong.</summary>
    public static Constraint? Parse(string text, out string problem)
    {
        if (FitForm.Match(text) is { Success: true } fits)
        {
            return Fits(fits.Groups["device"].Value, out problem);
        }

        Match match = Form.Match(text);
        if (!match.Success)
        {
            problem = $"not a constraint, found '{text}', allowed METRIC RELATION NUMBER [UNIT] with one of the relations <, <=, >, >=, ==, or fits(DEVICE)";
            return null;
        }

        string name = match.Groups["metric"].Value, unit = match.Groups["unit"].Value;
        if (MetricTable.Find(name, out problem) is not Metric metric)
        {
            return null;
        }

        double limit = double.Parse(match.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        string units = string.Join(", ", metric.Units.Select(known => known.Unit).Where(known => known.Length > 0));
        int at = metric.Units.Select(known => known.Unit).ToList().IndexOf(unit);
        if (unit.Length > 0 && at < 0)
        {
            problem = $"not a unit of {metric.Name}, found '{unit}', allowed {(units.Length == 0 ? "a number without one" : units)}";
            return null;
        }

        if (unit.Length == 0 && name != metric.Name)
        {
            problem = $"a quantity needs its unit, found '{text}', allowed '{metric.Name}' for a number in {metric.Units[0].Unit}, or one of the units {units}";
            return null;
        }

        return new(metric, match.Groups["relation"].Value, limit * (unit.Length == 0 ? 1 : metric.Units[at].Factor), text);
    }

    /// <summary>The first two constraints (or one with what the metric can be) that no value keeps to together; null where there are none.</summary>
    public static (Constraint First, Constraint? Second)? Contradiction(ImmutableArray<Constraint> constraints)
    {
        foreach (IGrouping<Metric, Constraint> same in constraints.GroupBy(constraint => constraint.Metric))
        {
            (double least, double greatest) = same.Key.Range;
            Constraint[] all = [.. same];
            foreach (Constraint one in all)
            {
                if (!Reachable([one], least, greatest))
                {
                    return (one, null);
                }
            }

            foreach ((Constraint first, int i) in all.Select((constraint, i) => (constraint, i)))
            {
                if (all.Skip(i + 1).FirstOrDefault(second => !Reachable([first, second], least, greatest)) is Constraint second)
                {
                    return (first, second);
                }
            }
        }

        return null;
    }

    /// <summary>Intervals on a line meet at an end of one of them, or beside one that is open.</summary>
    private static bool Reachable(Constraint[] constraints, double least, double greatest)
    {
        IEnumerable<double> ends = constraints.Select(constraint => constraint.Limit).Append(least).Append(greatest).Where(double.IsFinite);
        IEnumerable<double> candidates = ends.SelectMany(end => new[] { end, Math.BitIncrement(end), Math.BitDecrement(end) });
        return candidates.Any(value => value >= least && value <= greatest && constraints.All(constraint => constraint.Holds(value)));
    }

    [GeneratedRegex(@"\A\s*(?<metric>[A-Za-z][A-Za-z0-9_./-]*)\s*(?<relation><=|>=|==|<|>)\s*(?<number>[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?)\s*(?<unit>[A-Za-z%]*)\s*\z")]
    private static partial Regex Form { get; }

    [GeneratedRegex(@"\A\s*fits\s*\(\s*(?<device>[^()\s]*)\s*\)\s*\z")]
    private static partial Regex FitForm { get; }
}
