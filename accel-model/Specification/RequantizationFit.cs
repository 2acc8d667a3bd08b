// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>Whether the vector unit's requantiser can do what a layer asks of it.</summary>
internal static class RequantizationFit
{
    public static IEnumerable<Finding> Check(string path, string name, Requantization requantization, AcceleratorSpec accelerator) => requantization.Kind switch
    {
        RequantizationKind.DoubleRounding =>
            [new Finding($"{path}.kind", $"{name} rounds twice, found double_rounding, allowed shift, multiplier_shift, thresholds")],
        RequantizationKind.Thresholds => Sign(path, name, requantization, accelerator),
        _ => Scale(path, name, requantization, accelerator),
    };

    /// <summary>The threshold goes into the bias: <c>acc + (bias - threshold) &gt;= 0</c>.</summary>
    private static IEnumerable<Finding> Sign(string path, string name, Requantization r, AcceleratorSpec accelerator)
    {
        if (!r.IsSign)
        {
            yield return new Finding(
                $"{path}.thresholds",
                $"{name} has thresholds other than a sign, found {r.ThresholdsPerChannel} per channel from {r.Minimum} in steps of {r.ThresholdStep}, allowed 1 from -1 in steps of 2");
            yield break;
        }
        int width = accelerator.Accumulator.Width;
        for (int channel = 0; channel < r.Bias.Length; channel++)
        {
            long bias = r.Bias[channel] - r.ThresholdsOf(channel)[0];
            if (!TwosComplement.Fits(bias, width))
            {
                yield return new Finding($"{path}.bias", $"{name} has a bias less threshold too wide, found {bias} in channel {channel}, {Allowed(width)} (accumulator.width)");
                yield break;
            }
        }
    }

    private static IEnumerable<Finding> Scale(string path, string name, Requantization r, AcceleratorSpec accelerator)
    {
        RequantizerSpec requantizer = accelerator.Requantizer;
        if (r.Rounding != requantizer.Rounding && r.Shift.Any(shift => shift > 0))
        {
            yield return new Finding(
                $"{path}.rounding", $"{name} rounds in another way, found {EnumNames.Of(r.Rounding)}, allowed {EnumNames.Of(requantizer.Rounding)} (requantizer.rounding)");
        }
        int channel = r.Bias.ToList().FindIndex(bias => !TwosComplement.Fits(bias, accelerator.Accumulator.Width));
        if (channel >= 0)
        {
            yield return new Finding(
                $"{path}.bias", $"{name} has a bias too wide, found {r.Bias[channel]} in channel {channel}, {Allowed(accelerator.Accumulator.Width)} (accumulator.width)");
        }
        long largest = (1L << requantizer.MultiplierWidth) - 1;
        int entry = r.Multiplier.ToList().FindIndex(multiplier => multiplier > largest);
        if (entry >= 0)
        {
            yield return new Finding(
                $"{path}.multiplier", $"{name} has a multiplier too wide, found {r.Multiplier[entry]} at index {entry}, allowed 0..{largest} (requantizer.multiplier_width)");
        }
        if (!TwosComplement.Fits(r.ZeroPoint, requantizer.ElementWidth + 1))
        {
            yield return new Finding($"{path}.zero_point", $"{name} has a zero point too wide, found {r.ZeroPoint}, {Allowed(requantizer.ElementWidth + 1)} (requantizer.element_width)");
        }
    }

    private static string Allowed(int width) => $"allowed {TwosComplement.Min(width)}..{TwosComplement.Max(width)}";
}
