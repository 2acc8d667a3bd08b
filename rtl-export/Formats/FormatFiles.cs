// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using RtlExport.Corners;
using RtlExport.Parameters;
using RtlExport.Vectors;

namespace RtlExport.Formats;

/// <summary>The vectors of a bundle in other formats than memory images.</summary>
internal static class FormatFiles
{
    private static readonly string[] CoeImages = ["memory", "input", .. BenchVectors.UnitNames.Select(unit => "program_" + unit)];

    /// <summary>Name and bytes of every file.</summary>
    /// <param name="formats">The formats that are wanted.</param>
    /// <param name="parameters">The design.</param>
    /// <param name="stamp">What ties the bundle together.</param>
    /// <param name="schedule">The bundle's network.</param>
    /// <param name="timing">Its timeline.</param>
    /// <param name="vectors">Its codes.</param>
    /// <param name="tables">Vectors of single modules.</param>
    /// <param name="corners">Directed networks.</param>
    /// <param name="memh">Memory images by name.</param>
    public static IEnumerable<BundleFile> Write(
        ImmutableArray<VectorFormat> formats, RtlParameters parameters, BundleStamp stamp, Schedule schedule, TimingResult timing, RtlVectors vectors,
        IReadOnlyList<VectorTable> tables, IReadOnlyList<CornerNetwork> corners, IReadOnlyDictionary<string, string> memh)
    {
        VectorTensor[] own = [.. VectorTensor.Of(schedule, vectors)];
        VectorTensor[] all = [.. own, .. corners.SelectMany(network => VectorTensor.Of(network.Schedule, network.Vectors, network.Prefix))];
        foreach (VectorFormat format in formats.Distinct().Order())
        {
            IEnumerable<BundleFile> files = format switch
            {
                VectorFormat.Csv => Csv(all, tables, timing),
                VectorFormat.Npy => Npy(all, tables, stamp),
                VectorFormat.C =>
                [
                    BundleFile.Of("vectors/c/vectors.h", CArrays.Tensors(stamp, own)), BundleFile.Of("vectors/c/modules.h", CArrays.Tables(stamp, tables)),
                    BundleFile.Of("vectors/c/programs.h", CArrays.Programs(stamp, parameters, schedule)),
                ],
                VectorFormat.Coe => CoeImages.Select(name => BundleFile.Of($"vectors/coe/{name}.coe", CoeFile.Of(memh[$"vectors/{name}.memh"]))),
                _ => throw new ArgumentOutOfRangeException(nameof(formats), format, "not a format of vectors"),
            };
            foreach (BundleFile file in files)
            {
                yield return file;
            }
        }
    }

    private static IEnumerable<BundleFile> Csv(IEnumerable<VectorTensor> tensors, IEnumerable<VectorTable> tables, TimingResult timing) =>
    [
        .. tensors.Select(tensor => BundleFile.Of($"vectors/csv/{tensor.Name}.csv", CsvFile.Of(tensor))),
        .. tables.Select(table => BundleFile.Of($"vectors/csv/{table.Name}.csv", CsvFile.Of(table))),
        BundleFile.Of("vectors/csv/timeline.csv", CsvFile.Of(timing)),
    ];

    private static IEnumerable<BundleFile> Npy(IEnumerable<VectorTensor> tensors, IReadOnlyList<VectorTable> tables, BundleStamp stamp) =>
    [
        .. tensors.Select(tensor => new BundleFile($"vectors/npy/{tensor.Name}.npy", NpyFile.ToBytes(NpyArray.FromIntegers<int>(tensor.Type, tensor.Shape, tensor.Codes)))),
        .. tables.Select(table => new BundleFile(
            $"vectors/npy/{table.Name}.npy", NpyFile.ToBytes(NpyArray.FromIntegers<long>(NpyType.Int64, [table.Rows.Length, table.Columns.Length], [.. table.Rows.SelectMany(row => row)])))),
        BundleFile.Of("vectors/npy/columns.json", Columns(tables, stamp)),
    ];

    /// <summary>Names of the columns of the modules' arrays.</summary>
    private static string Columns(IReadOnlyList<VectorTable> tables, BundleStamp stamp) => BundleText.Json(json =>
    {
        json.WriteString("configuration_sha256", stamp.ConfigurationSha256);
        foreach (VectorTable table in tables)
        {
            json.WriteStartArray(table.Name);
            foreach (VectorColumn column in table.Columns)
            {
                json.WriteStringValue(column.Name);
            }

            json.WriteEndArray();
        }
    });
}
