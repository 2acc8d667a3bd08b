// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>Everything that is needed to run one network on one design: four programs, the memory image and the meaning of each layer.</summary>
public sealed record Schedule
{
    /// <summary>The design.</summary>
    public required AcceleratorSpec Accelerator { get; init; }

    /// <summary>The network.</summary>
    public required IntegerNetwork Network { get; init; }

    /// <summary>Program of the load unit.</summary>
    public required ImmutableArray<LoadInstruction> Load { get; init; }

    /// <summary>Program of the array unit.</summary>
    public required ImmutableArray<MatmulInstruction> Array { get; init; }

    /// <summary>Program of the vector unit.</summary>
    public required ImmutableArray<VectorInstruction> Vector { get; init; }

    /// <summary>Program of the store unit.</summary>
    public required ImmutableArray<StoreInstruction> Store { get; init; }

    /// <summary>Layers as they run: a matrix layer with the pooling fused into it.</summary>
    public required ImmutableArray<ScheduledLayer> Layers { get; init; }

    /// <summary>Constant content of external memory before the first inference: weights, parameters, padding; the input region is zero.</summary>
    public required MemoryImage Memory { get; init; }
}

/// <summary>One matrix layer with what is fused into it.</summary>
public sealed record ScheduledLayer
{
    /// <summary>Index of the convolution or dense layer in <see cref="IntegerNetwork.Layers"/>; the <c>Layer</c> of its instructions.</summary>
    public required int NetworkLayer { get; init; }

    /// <summary>Index of the fused pooling layer, or null.</summary>
    public required int? PoolLayer { get; init; }

    /// <summary>The order of its additions.</summary>
    public required AccumulationPlan Plan { get; init; }

    /// <summary>Where its input lies in external memory.</summary>
    public required FeatureMap Input { get; init; }

    /// <summary>Where its output (after pooling) lies in external memory.</summary>
    public required FeatureMap Output { get; init; }

    /// <summary>Multiply-accumulates of its arithmetic (products with padding counted, holes of segments not).</summary>
    public required long Macs { get; init; }
}

/// <summary>
/// A tensor in external memory: channel <c>c</c> of pixel <c>(y, x)</c> is at element address <c>Origin + y*RowPitch + x*PixelPitch + c</c>.
/// What lies between and around the pixels holds the reader's padding code, or zero.
/// </summary>
public sealed record FeatureMap
{
    /// <summary>Shape and format.</summary>
    public required TensorSpec Tensor { get; init; }

    /// <summary>First memory word of the region.</summary>
    public required int RegionAddress { get; init; }

    /// <summary>Memory words of the region.</summary>
    public required int RegionWords { get; init; }

    /// <summary>Element address of pixel (0, 0), channel 0.</summary>
    public required int Origin { get; init; }

    /// <summary>Elements from row to row.</summary>
    public required int RowPitch { get; init; }

    /// <summary>Elements from pixel to pixel.</summary>
    public required int PixelPitch { get; init; }
}

/// <summary>External memory at the start.</summary>
/// <param name="Words">Size in memory words.</param>
/// <param name="Bytes">Initial bytes, <c>Words * bytes_per_cycle</c> of them.</param>
public sealed record MemoryImage(int Words, ImmutableArray<byte> Bytes);
