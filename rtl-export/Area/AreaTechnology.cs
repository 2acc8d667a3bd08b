// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RtlExport.Area;

/// <summary>Coefficients of one variant of a module: LUTs are the sum over the terms of coefficient times value.</summary>
/// <param name="Terms">Names of the terms, in the order of the coefficients.</param>
/// <param name="Lut">Coefficients of LUTs.</param>
/// <param name="Points">Different modules that they were fitted to.</param>
/// <param name="LutResidual">Median of the relative differences in LUTs over those.</param>
/// <param name="MeasuredLut">LUTs of single modules by their parameters, where they jump from one width to the next; what is not in it follows from the terms.</param>
/// <param name="Family">The family on which they were measured, where it is not the technology's.</param>
public sealed record ModuleCoefficients(
    ImmutableArray<string> Terms, ImmutableArray<double> Lut, int Points, double LutResidual, ImmutableSortedDictionary<string, long>? MeasuredLut = null, string? Family = null);

/// <summary>One drawn design: what the synthesiser found, and what the model says that is fitted without it.</summary>
/// <param name="Index">Its number among the designs of the seed.</param>
/// <param name="Design">Kind, dataflow and array, to be read by people.</param>
/// <param name="Measured">lut, ff, dsp, bram of the synthesiser.</param>
/// <param name="Model">The same of the model.</param>
public sealed record ValidationPoint(int Index, string Design, ImmutableArray<long> Measured, ImmutableArray<long> Model);

/// <summary>Differences between the synthesiser's designs and the model that is fitted without the one that is compared, relative.</summary>
/// <param name="Designs">How many designs.</param>
/// <param name="LutMedian">Median in LUTs.</param>
/// <param name="LutWorst">Largest in LUTs.</param>
/// <param name="FfWorst">Largest in flip-flops.</param>
/// <param name="DspWorst">Largest in multiplier blocks.</param>
/// <param name="BramWorst">Largest in memory blocks.</param>
public sealed record ModelError(int Designs, double LutMedian, double LutWorst, double FfWorst, double DspWorst, double BramWorst)
{
    /// <summary>Errors of <paramref name="points"/>.</summary>
    public static ModelError Of(IReadOnlyCollection<ValidationPoint> points)
    {
        double[] Errors(int resource) =>
        [
            .. points.Select(point => Math.Abs(point.Model[resource] - point.Measured[resource]) / (double)Math.Max(1, point.Measured[resource])).Order(),
        ];
        double[] lut = Errors(0);
        return points.Count == 0
            ? new(0, 0, 0, 0, 0, 0)
            : new(points.Count, (lut[(lut.Length - 1) / 2] + lut[lut.Length / 2]) / 2, lut[^1], Errors(1)[^1], Errors(2)[^1], Errors(3)[^1]);
    }
}

/// <summary>A calibrated target: the coefficients of every module, and how far the model is off on each design when it is fitted to the others (docs/area.md).</summary>
public sealed record AreaTechnology
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NewLine = "\n",
    };

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>The synthesiser and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>Seed of the calibration's designs.</summary>
    public required uint Seed { get; init; }

    /// <summary>Designs that were synthesised.</summary>
    public required int Designs { get; init; }

    /// <summary>Errors on the designs of <see cref="Validation"/>.</summary>
    public required ModelError Error { get; init; }

    /// <summary>Coefficients by <c>module/variant</c>.</summary>
    public required ImmutableSortedDictionary<string, ModuleCoefficients> Modules { get; init; }

    /// <summary>The designs, each with the model of the others.</summary>
    public required ImmutableArray<ValidationPoint> Validation { get; init; }

    /// <summary>The fastest clock; null where no tool here times the family.</summary>
    public ClockModel? Clock { get; init; }

    /// <summary>The coefficients as those of another family whose LUTs are alike, without designs.</summary>
    public AreaTechnology For(string target) => this with
    {
        Target = target, Designs = 0, Error = ModelError.Of([]), Validation = [], Clock = null,
        Modules = Modules.ToImmutableSortedDictionary(module => module.Key, module => module.Value with { Family = module.Value.Family ?? Target }, StringComparer.Ordinal),
    };

    /// <summary>The file's text.</summary>
    public string Write() => JsonSerializer.Serialize(this, Format) + "\n";

    /// <summary>The technology of a file.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static AreaTechnology Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<AreaTechnology>(File.ReadAllText(path), Format) ?? throw new InvalidDataException($"{path}: empty, allowed a technology file that calibrate wrote");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: {exception.Path}: no technology file, allowed one that calibrate wrote");
        }
    }
}
