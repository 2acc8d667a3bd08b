// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using RtlExport.Formats;

namespace RtlExport.Vectors;

/// <summary>What a bundle holds beside modules, programs and recorded vectors.</summary>
public sealed record BundleContent
{
    /// <summary>All that <c>export</c> writes if nothing else is asked for.</summary>
    public static BundleContent Default { get; } = new() { Corners = true, Formats = [VectorFormat.Csv, VectorFormat.Npy, VectorFormat.C] };

    /// <summary>Whether there are directed networks and the table of coverage.</summary>
    public bool Corners { get; init; }

    /// <summary>Formats of the vectors beside memory images.</summary>
    public ImmutableArray<VectorFormat> Formats { get; init; } = [];
}
