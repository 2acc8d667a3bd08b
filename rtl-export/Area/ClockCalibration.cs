// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using AccelModel.Specification;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>Places small random designs on the iCE40 UP5K, fits a <see cref="ClockModel"/> to them. Placements are kept in the cache by the content of the placed modules.</summary>
public sealed class ClockCalibration(Synthesizer synthesizer, uint seed)
{
    private readonly Ice40Placer _placer = new();

    /// <summary>The model of <paramref name="designs"/> drawn designs; those whose units the part does not hold are left out. Null where fewer than two are left.</summary>
    public ClockModel? Run(int designs, Action<string> report, CancellationToken cancellation)
    {
        (string Design, double? Mhz)[] points = new (string, double?)[designs];
        int done = 0;
        Synthesizer.InParallel(Enumerable.Range(0, designs), synthesizer.Jobs, cancellation, i =>
        {
            AcceleratorSpec spec = CalibrationDesigns.DrawSmall(seed, i);
            points[i] = (Calibration.NameOf(spec), Mhz(spec, cancellation));
            report(string.Create(CultureInfo.InvariantCulture, $"calibrate clock: {Interlocked.Increment(ref done)} of {designs} designs, {points[i].Design}: {points[i].Mhz?.ToString("F2", CultureInfo.InvariantCulture) ?? "no"} MHz"));
        });
        (string Design, double Mhz)[] placed = [.. points.Where(point => point.Mhz is not null).Select(point => (point.Design, point.Mhz!.Value))];
        return placed.Length < 2 ? null : ClockModel.Fit(placed);
    }

    private double? Mhz(AcceleratorSpec spec, CancellationToken cancellation)
    {
        HardwareSources sources = HardwareSources.Of(spec);
        Elaboration design = synthesizer.Elaborate(sources, "accelerator", cancellation);
        string file = synthesizer.PlacementFile(design, Ice40Placer.Units(design), _placer.Seed);
        if (!File.Exists(file))
        {
            double placed = _placer.Place(sources, design, Path.ChangeExtension(file, ".log"), cancellation)?.FmaxMhz ?? 0;
            WholeFile.Write(file, JsonSerializer.Serialize(placed));
        }

        double mhz = JsonSerializer.Deserialize<double>(File.ReadAllText(file));
        return mhz > 0 ? mhz : null;
    }
}
