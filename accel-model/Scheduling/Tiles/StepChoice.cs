// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Scheduling.Tiles;

/// <summary>Which of a matrix layer's loops is outermost.</summary>
public enum LoopOrder
{
    /// <summary>All bands of rows of one group of output channels, then the next group: weights stay.</summary>
    ChannelsOutermost,

    /// <summary>All groups of output channels of one band of rows, then the next band: activations stay.</summary>
    RowsOutermost,
}

/// <summary>How the products of a matrix layer are laid onto the array.</summary>
public enum SegmentMapping
{
    /// <summary>A kernel row is one run of kernel_columns * channels elements, cut into segments.</summary>
    KernelRows,

    /// <summary>Every kernel offset has segments of its own.</summary>
    KernelOffsets,

    /// <summary>Depthwise: every column filters a channel of its own (section 4.5 of docs/architecture.md).</summary>
    ColumnFilter,
}

/// <summary>What the scheduler decides for one step; a schedule file holds one for each.</summary>
public sealed record StepChoice
{
    /// <summary>Output rows (after pooling) of a band, at most; the last band may be lower.</summary>
    public required int RowsPerBand { get; init; }

    /// <summary>Output channels of a group: a multiple of the array's columns, or all. The accumulators of a band hold a group.</summary>
    public required int OutputChannelsPerGroup { get; init; }

    /// <summary>Input channels that are loaded, and multiplied, at a time.</summary>
    public required int InputChannelsPerChunk { get; init; }

    /// <summary>Order of the loops.</summary>
    public required LoopOrder Order { get; init; }

    /// <summary>Mapping onto the array.</summary>
    public required SegmentMapping Mapping { get; init; }

    /// <summary>Whether the output goes to the next step on chip (and to memory too where another step reads it).</summary>
    public bool Forward { get; init; }
}
