// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using RtlExport.Parameters;
using RtlExport.Vectors;

namespace RtlExport.Corners;

/// <summary>The directed networks of a bundle with their files, and the table of coverage.</summary>
internal sealed class CornerFiles
{
    private readonly RtlParameters _parameters;
    private readonly ImmutableArray<OmittedNetwork> _omitted;
    private readonly ImmutableArray<CoveredProgram> _programs;

    private CornerFiles(RtlParameters parameters, ImmutableArray<CornerNetwork> networks, ImmutableArray<OmittedNetwork> omitted, ImmutableArray<CoveredProgram> programs) =>
        (_parameters, Networks, _omitted, _programs) = (parameters, networks, omitted, programs);

    /// <summary>The networks, by number.</summary>
    public ImmutableArray<CornerNetwork> Networks { get; }

    /// <summary>Memory words of the largest network, all frames of a run included.</summary>
    public int MemoryWords => Networks.Select(network => network.Schedule.Memory.Words + ((network.Frames - 1) * network.Schedule.FrameStrideWords)).DefaultIfEmpty(0).Max();

    /// <summary>Most instructions that a unit runs.</summary>
    public int Events => Networks.Select(network => network.Timing.Timeline.CountBy(e => e.Unit).Max(unit => unit.Value)).DefaultIfEmpty(0).Max();

    /// <summary>The networks of a design.</summary>
    /// <param name="parameters">The design.</param>
    /// <param name="programs">The programs of the bundle's own network, which come to corners, too.</param>
    public static CornerFiles Of(RtlParameters parameters, ImmutableArray<CoveredProgram> programs)
    {
        (ImmutableArray<CornerNetwork> networks, ImmutableArray<OmittedNetwork> omitted) = CornerNetworks.Of(parameters.Spec, parameters.ProgramDepth);
        return new(parameters, networks, omitted, [.. programs, .. networks.Select(network => CoveredProgram.Of(network, Listing(network)))]);
    }

    /// <summary>Name and text of every file.</summary>
    public IEnumerable<(string Name, string Text)> Write(BundleStamp stamp, IReadOnlyList<VectorTable> tables)
    {
        foreach (CornerNetwork network in Networks)
        {
            foreach ((string name, string text) in BenchVectors.Write(_parameters, stamp, network.Schedule, network.Timing, network.Vectors, network.Prefix, network.Frames))
            {
                yield return ("vectors/" + name, text);
            }

            yield return (Listing(network), BundleText.Listing(_parameters, stamp, network.Schedule));
        }

        var coverage = CoverageTable.Of(_parameters.Spec, tables, _programs, Networks, _omitted);
        yield return (CoverageTable.PageName, coverage.Page(stamp));
        yield return (CoverageTable.DataName, coverage.Data(stamp));
    }

    /// <summary>What the manifest says of each network, in the order of their numbers.</summary>
    public void WriteManifest(Utf8JsonWriter json)
    {
        json.WriteStartArray("corners");
        foreach (CornerNetwork network in Networks)
        {
            json.WriteStartObject();
            json.WriteString("network", network.Schedule.Network.Name);
            json.WriteString("listing", Listing(network));
            json.WriteNumber("images", network.Vectors.Images);
            json.WriteNumber("frames", network.Frames);
            json.WriteNumber("frame_stride", network.Frames == 1 ? 0 : network.Schedule.FrameStride);
            json.WriteNumber("load_prologue", network.Schedule.LoadPrologue);
            json.WriteNumber("cycles", network.Timing.Cycles);
            RtlBundle.WriteLayers(json, network.Schedule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Listing(CornerNetwork network) => $"vectors/{network.Prefix}programs.txt";
}
