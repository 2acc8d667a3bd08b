// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace AccelModel.Comparison;

/// <summary>What the rows of a topology file are.</summary>
public enum TopologyFormat
{
    /// <summary>Convolutions: name, ifmap height and width, filter height and width, channels, number of filters, stride.</summary>
    Convolution,

    /// <summary>Matrix products: name, M, N, K.</summary>
    Gemm,
}

/// <summary>An <c>M x K</c> matrix times a <c>K x N</c> one; all positive, and <c>M*N*K</c> fits 64 bits.</summary>
/// <param name="M">Output pixels.</param>
/// <param name="N">Filters.</param>
/// <param name="K">Products in one output: filter height x filter width x channels.</param>
public readonly record struct GemmShape(long M, long N, long K)
{
    /// <summary><c>M*N*K</c>.</summary>
    public long Macs => M * N * K;
}

/// <summary>One layer of a topology.</summary>
/// <param name="Name">As in the file; a channel of a depthwise row has <c>Channel_i</c> appended.</param>
/// <param name="Position">Its row.</param>
/// <param name="Shape">The matrix product that it is.</param>
public sealed record TopologyLayer(string Name, SpecPosition Position, GemmShape Shape);

/// <summary>The layers of a SCALE-Sim topology file, in the order of the file.</summary>
/// <param name="Format">What the rows are.</param>
/// <param name="Layers">At least one.</param>
/// <param name="SkippedLayer">The first line, where it is skipped as the header although it reads as a layer; else null.</param>
public sealed record Topology(TopologyFormat Format, ImmutableArray<TopologyLayer> Layers, SpecPosition? SkippedLayer);
