// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Devices;

namespace Cli.Sweeps.Metrics;

/// <summary>Constraints on what follows from the design alone, which are asked before anything runs.</summary>
public static class DesignConstraints
{
    /// <summary>Looks for a design that keeps to all of them, and stops at the first.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="designs">The designs of its points; none asks nothing.</param>
    /// <exception cref="SpecException">There is none.</exception>
    public static void Require(SweepSpec sweep, IEnumerable<AcceleratorSpec> designs)
    {
        Constraint[] early = [.. sweep.Constraints.Where(constraint => constraint.Metric.Source == MetricSource.Design)];
        if (early.Length == 0)
        {
            return;
        }

        var found = early.Select(constraint => (Constraint: constraint, Holding: 0, Least: double.PositiveInfinity, Greatest: double.NegativeInfinity)).ToArray();
        bool any = false;
        foreach (AcceleratorSpec design in designs)
        {
            PointMeasurement area = Measured(design);
            bool holds = any = true;
            foreach (ref var entry in found.AsSpan())
            {
                double value = entry.Constraint.Metric.Of(area, design)!.Value;
                bool kept = entry.Constraint.Holds(value);
                holds &= kept;
                (entry.Holding, entry.Least, entry.Greatest) = (entry.Holding + (kept ? 1 : 0), Math.Min(entry.Least, value), Math.Max(entry.Greatest, value));
            }

            if (holds)
            {
                return;
            }
        }

        if (any)
        {
            var strictest = found.MinBy(entry => entry.Holding);
            SpecIssues issues = [];
            issues.Add(strictest.Constraint.Position ?? SpecPosition.StartOf(sweep.File), "constraints", FormattableString.Invariant(
                $"no point can keep to '{strictest.Constraint.Text}'{(early.Length > 1 ? " and the others" : "")}, found {strictest.Constraint.Metric.Name} of {strictest.Least:0.##}..{strictest.Greatest:0.##}, which is known before anything runs"));
            issues.ThrowIfAny();
        }
    }

    private static PointMeasurement Measured(AcceleratorSpec accelerator)
    {
        DesignArea area = DesignArea.Of(accelerator);
        return new()
        {
            Lut = area.Resources.Lut, FlipFlops = area.Resources.FlipFlops, Dsp = area.Resources.Dsp, BlockRam = area.Resources.BlockRam, MemoryBits = area.MemoryBits,
            CyclesPerInference = 0, LatencyUs = 0, Utilization = 0, DramReadBytes = 0, DramWriteBytes = 0, EnergyNj = 0,
        };
    }
}
