// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;

namespace RtlExport.Corners;

/// <summary>The directed vectors of single modules.</summary>
public static class ModuleVectors
{
    /// <summary>Names of all tables, as the benches call them.</summary>
    public static ImmutableArray<string> Names { get; } =
        [RequantizerVectors.Name, RoundingVectors.Name, AdderVectors.PartialSum, AdderVectors.Accumulator, ProductVectors.Name, PostRequantizerVectors.Name];

    /// <summary>The tables of a design, those of modules that it has.</summary>
    public static ImmutableArray<VectorTable> Of(AcceleratorSpec spec) =>
    [
        RequantizerVectors.Table(spec), RoundingVectors.Table(), .. AdderVectors.Of(spec), ProductVectors.Table(spec),
        .. PostRequantizerVectors.Table(spec) is { } post ? new[] { post } : [],
    ];
}
