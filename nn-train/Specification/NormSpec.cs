// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>What batch norm divides by in training; <see cref="NnTrain.Layers.ChannelNorm"/> has the formula.</summary>
public enum NormKind
{
    /// <summary>The standard deviation (Ioffe and Szegedy 2015).</summary>
    Deviation,

    /// <summary>The mean magnitude of what is left without the mean (L1 batch norm; Wu et al. 2018).</summary>
    MeanMagnitude,

    /// <summary>The range from the least to the largest value (range batch norm; Banner et al. 2018).</summary>
    Range,

    /// <summary>A power of two, which gain and squares are, too: shifts in place of products (shift-based batch norm; Courbariaux et al. 2016).</summary>
    Shift,
}

/// <summary>Batch norm other than the usual one.</summary>
public sealed record NormSpec
{
    /// <summary>What it divides by.</summary>
    public required NormKind Kind { get; init; }

    /// <summary>Which text the constant of <see cref="NormKind.MeanMagnitude"/> and <see cref="NormKind.Range"/> follows; null for released code, and for other kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reading? Reading { get; init; }

    internal static NormSpec Read(SpecSection section, BatchNormKind batchNorm)
    {
        NormSpec norm = new() { Kind = section.RequiredEnum<NormKind>("kind"), Reading = section.Optional("reading")?.AsEnum<Reading>() };
        if (batchNorm == BatchNormKind.None)
        {
            section.Issue("kind", $"there is no batch norm, found '{EnumNames.Of(norm.Kind)}' with batch_norm 'none', allowed with folded, thresholds");
        }

        if (norm.Reading is Reading reading)
        {
            ReadingRules.Check(section, reading, "", Specification.Reading.Paper, Specification.Reading.Code);
        }

        if (norm.Reading is not null && norm.Kind is not (NormKind.MeanMagnitude or NormKind.Range))
        {
            section.Issue("reading", $"paper and code do not differ in it, found the kind '{EnumNames.Of(norm.Kind)}', allowed with mean_magnitude, range");
        }

        return norm;
    }
}
