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

    /// <summary>What was decided, step by step; empty for a schedule made by hand.</summary>
    public ImmutableArray<Tiles.StepChoice> Choices { get; init; } = [];

    /// <summary>What the choices were searched for; null where they were given.</summary>
    public Search.ScheduleObjective? Objective { get; init; }

    /// <summary>Where the network's input is written before an inference.</summary>
    public FeatureMap Input
    {
        get => field ?? Layers[0].Input;
        init;
    }

    /// <summary>Where the network's output lies after an inference.</summary>
    public FeatureMap Output
    {
        get => field ?? Layers[^1].Output;
        init;
    }

    /// <summary>Program of the load unit.</summary>
    public required ImmutableArray<LoadInstruction> Load { get; init; }

    /// <summary>Program of the array unit.</summary>
    public required ImmutableArray<MatmulInstruction> Array { get; init; }

    /// <summary>Program of the vector unit.</summary>
    public required ImmutableArray<VectorInstruction> Vector { get; init; }

    /// <summary>Program of the store unit.</summary>
    public required ImmutableArray<StoreInstruction> Store { get; init; }

    /// <summary>Instructions at the head of the load program that run once, before the first frame; all others run once in each frame.</summary>
    public int LoadPrologue { get; init; }

    /// <summary>
    /// Counts of the semaphores at cycle 0, by number, <see cref="SemaphoreSet.Count"/> of them: what the first waits of a frame find that the frame before leaves to the next one. Empty: all zero.
    /// </summary>
    public ImmutableArray<int> InitialSemaphores { get; init; } = [];

    /// <summary>Memory words from one frame's input and output to the next frame's: the whole image, in whole blocks of bursts.</summary>
    public int FrameStrideWords
    {
        get
        {
            int block = Math.Max(1, Accelerator.Memory.BurstAlignmentWords);
            return checked((Memory.Words + block - 1) / block * block);
        }
    }

    /// <summary>Elements from one frame's input and output to the next frame's.</summary>
    public int FrameStride => checked(FrameStrideWords * Accelerator.ElementsPerWord);

    /// <summary>Layers as they run: a layer with what is fused into it. Layers that are addressing only (flatten, concat, shuffle) have no entry unless they copy.</summary>
    public required ImmutableArray<ScheduledLayer> Layers { get; init; }

    /// <summary>The plans of the matrix layers by index in <see cref="IntegerNetwork.Layers"/>, as the reference interpreter takes them.</summary>
    public IReadOnlyDictionary<int, AccumulationPlan> Plans =>
        Layers.Where(layer => layer.Plan is not null).ToDictionary(layer => layer.NetworkLayer, layer => layer.Plan!);

    /// <summary>Constant content of external memory before the first inference: weights, parameters, padding; the input region is zero.</summary>
    public required MemoryImage Memory { get; init; }
}

/// <summary>One layer with what is fused into it.</summary>
public sealed record ScheduledLayer
{
    /// <summary>Index of the (first) layer in <see cref="IntegerNetwork.Layers"/>; the <c>Layer</c> of its instructions.</summary>
    public required int NetworkLayer { get; init; }

    /// <summary>Index of the fused pooling layer, or null.</summary>
    public required int? PoolLayer { get; init; }

    /// <summary>Index of the fused lookup layer, or null.</summary>
    public int? LookupLayer { get; init; }

    /// <summary>Index of the layer whose tensor comes out: the last of those that are fused.</summary>
    public int OutputLayer => LookupLayer ?? PoolLayer ?? NetworkLayer;

    /// <summary>The order of its additions; null for a layer that does not use the array.</summary>
    public required AccumulationPlan? Plan { get; init; }

    /// <summary>Where its (first) input lies in external memory.</summary>
    public required FeatureMap Input { get; init; }

    /// <summary>Added to the codes of its (first) input before they are operands of the array.</summary>
    public int InputOffset { get; init; }

    /// <summary>Where its output (of <see cref="OutputLayer"/>) lies in external memory; has no place there where <see cref="IsForwarded"/> is set.</summary>
    public required FeatureMap Output { get; init; }

    /// <summary>Whether the output goes to the next layer on chip only, and never to external memory.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>Multiply-accumulates of its arithmetic (products with padding counted, holes of segments not).</summary>
    public required long Macs { get; init; }

    /// <summary>What each of its operands takes of a design's array.</summary>
    public OperandPasses PassesOn(AcceleratorSpec accelerator) => Plan is null ? OperandPasses.One : new(Digits, OperandPasses.IntervalOf(OperandFormat.Of(Input.Tensor.Format, InputOffset), accelerator));

    /// <summary>Passes through the array that each of its operands takes: the digits of its plan.</summary>
    private int Digits => Plan is { Segments.IsEmpty: false } plan ? plan.Segments.Max(segment => segment.Digit) + 1 : 1;
}

/// <summary>
/// A tensor in external memory: where channel <c>c</c> of pixel <c>(y, x)</c> is, <see cref="Element"/> says. It may be some channels of a larger tensor (a part of a concat).
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

    /// <summary>Groups of the channel shuffle through which the tensor is stored: its channels, seen as this many rows, are transposed. 1: as they are.</summary>
    public int ShuffleGroups { get; init; } = 1;

    /// <summary>The tensor's first channel in the shuffled tensor that it is a part of.</summary>
    public int ShuffleOffset { get; init; }

    /// <summary>Channels of the shuffled tensor.</summary>
    public int ShuffleChannels { get; init; }

    /// <summary>Where the network's input or output lies in a frame of a run of several.</summary>
    public FeatureMap InFrame(int frame, Schedule schedule) => frame == 0 ? this : this with { Origin = checked(Origin + (frame * schedule.FrameStride)) };

    /// <summary>Element address of channel <paramref name="channel"/> of pixel (<paramref name="row"/>, <paramref name="column"/>).</summary>
    public int Element(int row, int column, int channel) => Origin + row * RowPitch + column * PixelPitch + ChannelOffset(channel);

    /// <summary>Elements from a pixel's address to its channel.</summary>
    public int ChannelOffset(int channel)
    {
        if (ShuffleGroups == 1)
        {
            return channel;
        }

        (int group, int member) = Math.DivRem(ShuffleOffset + channel, ShuffleChannels / ShuffleGroups);
        return member * ShuffleGroups + group;
    }
}

/// <summary>External memory at the start. Its bytes are packed when they are asked for: timing needs none of them.</summary>
/// <param name="words">Size in memory words.</param>
/// <param name="pack">Makes the initial bytes, <c>Words * bytes_per_cycle</c> of them.</param>
public sealed class MemoryImage(int words, Func<ImmutableArray<byte>> pack)
{
    private readonly Lazy<ImmutableArray<byte>> _bytes = new(pack);

    /// <summary>An image of given bytes.</summary>
    public MemoryImage(int words, ImmutableArray<byte> bytes)
        : this(words, () => bytes)
    {
    }

    /// <summary>Size in memory words.</summary>
    public int Words { get; } = words;

    /// <summary>Initial bytes.</summary>
    public ImmutableArray<byte> Bytes => _bytes.Value;
}
