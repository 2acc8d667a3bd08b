// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;

namespace AccelModel.Scheduling.Steps;

/// <summary>What the accelerator does in one go: a network layer with what is fused into it. Steps run in the order of the network's layers.</summary>
internal abstract record Step
{
    /// <summary>Index of the (first) network layer.</summary>
    public required int NetworkLayer { get; init; }

    /// <summary>Name of that layer.</summary>
    public required string Name { get; init; }

    /// <summary>Tensors that are read, by the names of <see cref="TensorPlacement"/>.</summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>Name of the tensor that comes out.</summary>
    public required string OutputName { get; init; }

    /// <summary>Shape and format of the tensor that comes out.</summary>
    public required TensorSpec Output { get; init; }

    /// <summary>The fused pooling layer.</summary>
    public int? PoolLayer { get; init; }

    /// <summary>The fused lookup layer.</summary>
    public int? LookupLayer { get; init; }

    /// <summary>Table of the fused (or only) lookup; empty for none.</summary>
    public ImmutableArray<int> Table { get; init; } = [];

    /// <summary>Least code of the table's input.</summary>
    public int TableMinimum { get; init; }

    /// <summary>Multiply-accumulates of the arithmetic.</summary>
    public virtual long Macs => 0;
}

/// <summary>
/// A convolution or dense layer (a 1 x 1 convolution over one pixel), perhaps with a max pool and a lookup behind it. A matmul is a 1 x 1 convolution in which each row has weights of its own:
/// a row of <see cref="Second"/>.
/// </summary>
internal sealed record MatrixStep : Step
{
    /// <summary>The input as this layer reads it.</summary>
    public required TensorSpec Input { get; init; }

    public required int ConvRows { get; init; }
    public required int ConvColumns { get; init; }
    public required int OutputChannels { get; init; }
    public required int KernelRows { get; init; }
    public required int KernelColumns { get; init; }
    public required (int Rows, int Columns) Stride { get; init; }
    public required (int Rows, int Columns) Dilation { get; init; }
    public required Padding Padding { get; init; }
    public required int PaddingCode { get; init; }
    public required int Groups { get; init; }
    public (int Rows, int Columns) PoolWindow { get; init; } = (1, 1);
    public (int Rows, int Columns) PoolStride { get; init; } = (1, 1);

    /// <summary>Weights, output channel by output channel, each <see cref="Depth"/> of them.</summary>
    public required ImmutableArray<int> Weights { get; init; }

    public required Requantization Requantization { get; init; }

    /// <summary>The tensor that a matmul takes its weights from; null where weights are constants.</summary>
    public TensorSpec? Second { get; init; }

    /// <summary>Whether the second tensor holds k in its channels.</summary>
    public bool TransposeSecond { get; init; }

    /// <summary>Added to the input's codes, of a matmul.</summary>
    public int InputOffset { get; init; }

    /// <summary>Added to the second tensor's codes.</summary>
    public int SecondOffset { get; init; }

    /// <summary>What the input's codes are with their offset.</summary>
    public OperandFormat Operand => OperandFormat.Of(Input.Format, InputOffset);

    /// <summary>Whether a word is in more than one pooling window.</summary>
    public bool PoolOverlaps => Overlaps(PoolWindow, PoolStride);

    /// <summary>Whether windows share rows or columns.</summary>
    public static bool Overlaps((int Rows, int Columns) window, (int Rows, int Columns) stride) => window.Rows > stride.Rows || window.Columns > stride.Columns;

    /// <summary>Input channels of a group.</summary>
    public int GroupInputs => Input.Channels / Groups;

    /// <summary>Output channels of a group.</summary>
    public int GroupOutputs => OutputChannels / Groups;

    /// <summary>Products of one output.</summary>
    public int Depth => KernelRows * KernelColumns * GroupInputs;

    public override long Macs => (long)ConvRows * ConvColumns * OutputChannels * Depth;
}

/// <summary>Maximum or mean over windows.</summary>
internal sealed record PoolStep : Step
{
    public required TensorSpec Input { get; init; }
    public required bool IsAverage { get; init; }
    public required (int Rows, int Columns) Window { get; init; }
    public required (int Rows, int Columns) Stride { get; init; }
    public required Padding Padding { get; init; }

    /// <summary>Whether the mean counts padding, which reads <see cref="PaddingCode"/>.</summary>
    public required bool CountIncludePad { get; init; }

    public required int PaddingCode { get; init; }
}

/// <summary>Sum or product of two tensors.</summary>
internal sealed record PairStep : Step
{
    public required bool IsProduct { get; init; }
    public required FixedPointFormatPair Formats { get; init; }

    /// <summary>Whether the second tensor is one pixel that serves all.</summary>
    public required bool BroadcastSecond { get; init; }

    /// <summary>The layer, for its scales.</summary>
    public required Layer Layer { get; init; }
}

/// <summary>Formats of the two tensors of a <see cref="PairStep"/>. Both are read as signed where one of them is: an unsigned code of fewer bits than the element is positive either way.</summary>
internal readonly record struct FixedPointFormatPair(Numerics.FixedPointFormat First, Numerics.FixedPointFormat Second);

/// <summary>Every code through a requantisation, a lookup table, or nothing but a copy into another place.</summary>
internal sealed record MapStep : Step
{
    public required TensorSpec Input { get; init; }

    /// <summary>The requantisation; null for codes that stay as they are.</summary>
    public required Requantization? Requantization { get; init; }
}
