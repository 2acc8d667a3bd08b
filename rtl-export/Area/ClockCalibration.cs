// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using AccelModel.Specification;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>Places small random designs on the iCE40 UP5K, fits a <see cref="ClockModel"/> to them and compares it with others. Placements are kept in the cache by the content of the placed modules.</summary>
public sealed class ClockCalibration(Synthesizer synthesizer, uint seed)
{
    private const uint ValidationSeed = 0xc10c;

    private readonly Ice40Placer _placer = new();

    /// <summary>The model of <paramref name="designs"/> drawn designs, compared with <paramref name="validation"/> others; those whose units the part does not hold are left out.</summary>
    public ClockModel Run(int designs, int validation, Action<string> report, CancellationToken cancellation)
    {
        (uint Seed, int Index)[] drawn = [.. Enumerable.Range(0, designs).Select(i => (seed, i)), .. Enumerable.Range(0, validation).Select(i => (ValidationSeed, i))];
        (AcceleratorSpec Spec, double? Mhz)[] points = new (AcceleratorSpec, double?)[drawn.Length];
        int done = 0;
        Synthesizer.InParallel(Enumerable.Range(0, drawn.Length), synthesizer.Jobs, cancellation, i =>
        {
            AcceleratorSpec spec = CalibrationDesigns.DrawSmall(drawn[i].Seed, drawn[i].Index);
            points[i] = (spec, Mhz(spec, cancellation));
            report(string.Create(CultureInfo.InvariantCulture, $"calibrate clock: {Interlocked.Increment(ref done)} of {drawn.Length} designs, {Calibration.NameOf(spec)}: {points[i].Mhz?.ToString("F2", CultureInfo.InvariantCulture) ?? "no"} MHz"));
        });
        return ClockModel.Fit(Placed(points.Take(designs)), Placed(points.Skip(designs)));
    }

    private static List<(AcceleratorSpec Spec, double Mhz)> Placed(IEnumerable<(AcceleratorSpec Spec, double? Mhz)> points) =>
        [.. points.Where(point => point.Mhz is not null).Select(point => (point.Spec, point.Mhz!.Value))];

    private double? Mhz(AcceleratorSpec spec, CancellationToken cancellation)
    {
        HardwareSources sources = HardwareSources.Of(spec);
        Elaboration design = synthesizer.Elaborate(sources, "accelerator", cancellation);
        string file = synthesizer.PlacementFile(design, Ice40Placer.Units(design), _placer.Seed);
        if (!File.Exists(file))
        {
            double placed = _placer.Place(sources, design, Path.ChangeExtension(file, ".log"), cancellation)?.FmaxMhz ?? 0;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            string staging = $"{file}.{Guid.NewGuid():N}";
            File.WriteAllText(staging, JsonSerializer.Serialize(placed));
            File.Move(staging, file, overwrite: true);
        }

        double mhz = JsonSerializer.Deserialize<double>(File.ReadAllText(file));
        return mhz > 0 ? mhz : null;
    }
}
