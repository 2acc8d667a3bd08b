// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>Finds the coefficients of every module's terms from synthesised modules.</summary>
public static class AreaFit
{
    /// <summary>Pulls coefficients towards zero where points do not determine them.</summary>
    private const double Ridge = 1e-6;

    /// <summary>Differences below this many LUTs weigh the same, however small a module is.</summary>
    private const double Floor = 8;

    /// <summary>Coefficients by <c>module/variant</c>, each fitted to the modules of that variant, relative differences weighing the same.</summary>
    public static ImmutableSortedDictionary<string, ModuleCoefficients> Fit(IEnumerable<MeasuredModule> modules, SynthesisTarget target)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, ModuleCoefficients>(StringComparer.Ordinal);
        foreach (var group in modules.Where(module => ModuleModels.IsFitted(module.Module, target)).GroupBy(module => $"{module.Module}/{ModuleModels.Variant(module.Module, module.Values, target)}"))
        {
            result[group.Key] = Coefficients([.. group], target);
        }

        return result.ToImmutable();
    }

    private static ModuleCoefficients Coefficients(MeasuredModule[] modules, SynthesisTarget target)
    {
        AreaTerm[][] terms = [.. modules.Select(module => ModuleModels.TermsOf(module.Module, module.Values, target))];
        double[][] rows = [.. terms.Select(row => row.Select(term => term.Value).ToArray())];
        double[] lut = Fit(rows, [.. modules.Select(module => (double)module.Cost.Lut)]);
        double[] residuals = [.. modules.Select((module, i) => Math.Abs(rows[i].Zip(lut, (value, coefficient) => value * coefficient).Sum() - module.Cost.Lut) / Math.Max(Floor, module.Cost.Lut)).Order()];
        string?[] entries = [.. modules.Select(module => ModuleModels.EntryOf(module.Module, module.Values, target))];
        ImmutableSortedDictionary<string, long>? listed = entries.All(entry => entry is null)
            ? null
            : entries.Zip(modules).Where(pair => pair.First is not null).DistinctBy(pair => pair.First).ToImmutableSortedDictionary(pair => pair.First!, pair => pair.Second.Cost.Lut, StringComparer.Ordinal);
        return new([.. terms[0].Select(term => term.Name)], [.. lut.Select(Rounded)], modules.Length, Math.Round(residuals[residuals.Length / 2], 4), listed);
    }

    private static double[] Fit(double[][] rows, double[] values) =>
        LeastSquares.Fit(rows, values, [.. values.Select(value => 1 / (Floor + value))], Ridge);

    private static double Rounded(double coefficient) => Math.Round(coefficient, 5) + 0.0;
}
