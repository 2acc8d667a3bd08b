// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks;

/// <summary>Reads the sections of requantisations.</summary>
internal sealed class RequantizationReader(ConstantReader constants)
{
    public Requantization Read(SpecSection section)
    {
        RequantizationKind kind = section.RequiredEnum<RequantizationKind>("kind");
        if (!LayerReader.IsChoice(section.Required("kind"), EnumNames.Of(kind)))
        {
            LayerReader.PassOver(section);
            return new Requantization { Kind = kind, Bias = [], Rounding = RoundingMode.HalfUp, Minimum = 0, Maximum = 0 };
        }
        bool scaled = kind is RequantizationKind.MultiplierShift or RequantizationKind.DoubleRounding;
        bool thresholds = kind == RequantizationKind.Thresholds;
        bool rounded = kind is RequantizationKind.Shift or RequantizationKind.MultiplierShift;
        (_, int perChannel, ImmutableArray<long> values) = thresholds ? constants.ReadTable(section.Required("thresholds")) : (0, 0, []);
        return new Requantization
        {
            Kind = kind,
            Bias = constants.ReadList(section.Required("bias")),
            Multiplier = scaled ? constants.ReadList(section.Required("multiplier")) : [],
            Shift = thresholds ? [] : [.. constants.ReadList(section.Required("shift")).Select(shift => (int)Math.Clamp(shift, int.MinValue, int.MaxValue))],
            Rounding = rounded ? section.RequiredEnum<RoundingMode>("rounding") : section.OptionalEnum("rounding", RoundingMode.HalfUp),
            ZeroPoint = thresholds ? 0 : section.OptionalInt("zero_point", 0, int.MinValue, int.MaxValue),
            Minimum = section.RequiredInt("minimum", int.MinValue, int.MaxValue),
            Maximum = section.RequiredInt("maximum", int.MinValue, int.MaxValue),
            Thresholds = values,
            ThresholdsPerChannel = perChannel,
            ThresholdStep = thresholds ? section.OptionalInt("threshold_step", 1, 1, int.MaxValue) : 1,
        };
    }
}
