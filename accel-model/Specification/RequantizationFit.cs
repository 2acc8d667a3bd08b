// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>Whether the vector unit's requantisers can do what a layer asks of them: whether its lane records hold it, channel by channel.</summary>
internal static class RequantizationFit
{
    /// <summary>The requantisation of sums of products, or of codes: the first requantiser's.</summary>
    public static IEnumerable<Finding> Check(string path, string name, Requantization requantization, int channels, AcceleratorSpec accelerator)
    {
        if (RoundsTwice(path, name, requantization, accelerator) is { } twoRoundings)
        {
            return [twoRoundings];
        }
        if (requantization.Kind == RequantizationKind.Thresholds)
        {
            int levels = accelerator.Vector.ThresholdLevels;
            bool fits = requantization.ThresholdsPerChannel <= levels || requantization.IsSign;
            string allowed = levels == 0 ? "1 from -1 in steps of 2 (vector.threshold_levels is 0)" : $"up to {levels} (vector.threshold_levels)";
            if (!fits)
            {
                return
                [
                    new Finding(
                        $"{path}.thresholds",
                        $"{name} has thresholds that the lanes do not hold, found {requantization.ThresholdsPerChannel} per channel from {requantization.Minimum} in steps of {requantization.ThresholdStep}, allowed {allowed}"),
                ];
            }
        }
        return
        [
            .. Rounding(path, name, requantization, leftShift: 0, accelerator),
            .. Records(path, path, name, channels, channel => LaneRecord.Of(requantization, channel, accelerator), accelerator),
        ];
    }

    /// <summary>A scale that is no first requantisation: of a term, where <paramref name="isTerm"/>, or of what terms and factors are combined to.</summary>
    public static IEnumerable<Finding> Scale(string path, string name, Requantization requantization, bool isTerm, int leftShift, AcceleratorSpec accelerator)
    {
        if (RoundsTwice(path, name, requantization, accelerator) is { } twoRoundings)
        {
            return [twoRoundings];
        }
        if (requantization.Kind == RequantizationKind.Thresholds)
        {
            return [new Finding($"{path}.kind", $"{name} has thresholds where terms and what is made of them are scaled, found thresholds, allowed {Scales(accelerator)}")];
        }
        return isTerm
            ? [.. Rounding(path, name, requantization, leftShift, accelerator), .. TermRange(path, name, requantization, accelerator.CombinedTermWidth)]
            : CombinedRounding(path, name, requantization, accelerator);
    }

    private static IEnumerable<Finding> TermRange(string path, string name, Requantization r, int width)
    {
        (string Key, int Value)[] fields = [("zero_point", r.ZeroPoint), ("minimum", r.Minimum), ("maximum", r.Maximum)];
        return fields.Where(field => !TwosComplement.Fits(field.Value, width))
            .Select(field => new Finding(
                $"{path}.{field.Key}",
                $"{name}: {field.Key} does not fit a term, found {field.Value}, allowed {TwosComplement.Min(width)}..{TwosComplement.Max(width)}"));
    }

    /// <summary>Each field of a layer's records that does not hold what it should, in the first channel in which it does not.</summary>
    /// <param name="path">Key path of the first requantisation.</param>
    /// <param name="postPath">Key path of the second one.</param>
    /// <param name="name">The layer.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="record">Makes the record of a channel.</param>
    /// <param name="accelerator">The design.</param>
    public static IEnumerable<Finding> Records(string path, string postPath, string name, int channels, Func<int, LaneRecord> record, AcceleratorSpec accelerator)
    {
        HashSet<string> found = [];
        for (int channel = 0; channel < channels; channel++)
        {
            foreach (Finding misfit in record(channel).Misfits(accelerator))
            {
                if (found.Add(misfit.Path))
                {
                    const string Post = "post_";
                    bool post = misfit.Path.StartsWith(Post, StringComparison.Ordinal);
                    string field = post ? misfit.Path[Post.Length..] : misfit.Path;
                    yield return new Finding($"{(post ? postPath : path)}.{field}", $"{name}: {field} of channel {channel} {misfit.Message}");
                }
            }
        }
    }

    private static IEnumerable<Finding> Rounding(string path, string name, Requantization r, int leftShift, AcceleratorSpec accelerator)
    {
        RoundingMode mode = accelerator.Requantizer.Rounding;
        if (r.Kind is RequantizationKind.Shift or RequantizationKind.MultiplierShift && r.Rounding != mode && r.Shift.Any(shift => shift > leftShift))
        {
            yield return new Finding($"{path}.rounding", $"{name} rounds in another way, found {EnumNames.Of(r.Rounding)}, allowed {EnumNames.Of(mode)} (requantizer.rounding)");
        }
    }

    private static IEnumerable<Finding> CombinedRounding(string path, string name, Requantization r, AcceleratorSpec accelerator)
    {
        if (r.Kind != RequantizationKind.DoubleRounding && r.Shift.Any(shift => shift > 0) && !LaneRecord.HasPostRounding(r.Rounding, accelerator))
        {
            RoundingMode mode = accelerator.Requantizer.Rounding == RoundingMode.Stochastic ? RoundingMode.HalfUp : accelerator.Requantizer.Rounding;
            string allowed = mode == RoundingMode.HalfAway ? EnumNames.Of(mode) : $"{EnumNames.Of(mode)}, {EnumNames.Of(RoundingMode.HalfAway)}";
            yield return new Finding($"{path}.rounding", $"{name} rounds in another way, found {EnumNames.Of(r.Rounding)}, allowed {allowed} (requantizer.rounding)");
        }
    }

    private static Finding? RoundsTwice(string path, string name, Requantization r, AcceleratorSpec accelerator) =>
        r.Kind == RequantizationKind.DoubleRounding && !accelerator.Requantizer.DoubleRounding
            ? new($"{path}.kind", $"{name} rounds twice, found double_rounding, allowed with requantizer.double_rounding only")
            : null;

    private static string Scales(AcceleratorSpec accelerator) => accelerator.Requantizer.DoubleRounding ? "shift, multiplier_shift, double_rounding" : "shift, multiplier_shift";
}
