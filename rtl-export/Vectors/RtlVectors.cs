// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace RtlExport.Vectors;

/// <summary>Images and what the model computes from them.</summary>
public sealed record RtlVectors
{
    /// <summary>Number of images.</summary>
    public required int Images { get; init; }

    /// <summary>Input codes, image after image, each in rows, columns, channels order.</summary>
    public required int[] Input { get; init; }

    /// <summary>Output codes per scheduled layer (after its pooling), in the order of <see cref="Schedule.Layers"/>; each image after image, in rows, columns, channels order.</summary>
    public required ImmutableArray<int[]> LayerOutputs { get; init; }

    /// <summary>Vectors from an engine's result.</summary>
    /// <exception cref="ArgumentException">The result was made without layer outputs, or its images do not fit the input.</exception>
    public static RtlVectors From(Schedule schedule, int[] input, ValueResult result)
    {
        if (result.LayerOutputs.Length != schedule.Layers.Length)
        {
            throw new ArgumentException($"{result.LayerOutputs.Length} layer outputs for {schedule.Layers.Length} layers; ask the engine for layer outputs", nameof(result));
        }

        return new RtlVectors { Images = result.Images, Input = input, LayerOutputs = result.LayerOutputs }.ValidatedFor(schedule);
    }

    /// <summary>Checks all lengths.</summary>
    /// <exception cref="ArgumentException">A length does not fit the schedule.</exception>
    public RtlVectors ValidatedFor(Schedule schedule)
    {
        if (Images < 1 || Input.Length != Images * schedule.Network.Input.Elements)
        {
            throw new ArgumentException($"{Input.Length} input codes are not {Images} images of {schedule.Network.Input.Elements}");
        }

        if (LayerOutputs.Length != schedule.Layers.Length)
        {
            throw new ArgumentException($"{LayerOutputs.Length} layer outputs for {schedule.Layers.Length} layers");
        }

        for (int layer = 0; layer < LayerOutputs.Length; layer++)
        {
            int elements = schedule.Layers[layer].Output.Tensor.Elements;
            if (LayerOutputs[layer].Length != Images * elements)
            {
                throw new ArgumentException($"layer {layer}: {LayerOutputs[layer].Length} output codes are not {Images} images of {elements}");
            }
        }

        return this;
    }
}
