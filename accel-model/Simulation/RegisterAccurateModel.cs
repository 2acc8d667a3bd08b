// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>Runs images through the <see cref="Accelerator"/>, one after the other, each from cycle 0; buffers and memory keep what the last image left.</summary>
public static class RegisterAccurateModel
{
    /// <summary>Runs the schedule.</summary>
    /// <param name="schedule">Programs and memory.</param>
    /// <param name="inputs">Input codes of one or more images, image after image, each in rows, columns, channels order.</param>
    /// <param name="options">What else is wanted.</param>
    /// <exception cref="ArgumentException">The codes are not whole images, at least one, or a code is outside the input's format.</exception>
    /// <exception cref="InvalidScheduleException">The programs deadlock, or an instruction's fields are outside what the design has.</exception>
    /// <exception cref="InvalidOperationException">An access is outside its memory, or two images took different times.</exception>
    public static (TimingResult Timing, ValueResult Values) Run(Schedule schedule, ReadOnlySpan<int> inputs, RegisterAccurateOptions? options = null)
    {
        int elements = schedule.Input.Tensor.Elements;
        int images = inputs.Length / elements;
        if (images == 0 || inputs.Length % elements != 0)
        {
            throw new ArgumentException($"{inputs.Length} codes are not one or more images of {elements}", nameof(inputs));
        }

        options ??= RegisterAccurateOptions.Default;
        var accelerator = new Accelerator(schedule, options);
        LayerOutputs? layers = options.KeepLayerOutputs ? new(schedule, images) : null;
        int outputElements = schedule.Output.Tensor.Elements;
        int[] output = new int[images * outputElements];
        TimingResult? timing = null;
        for (int image = 0; image < images; image++)
        {
            FeatureMapAccess.Write(accelerator.Memory, schedule.Input, schedule.Accelerator, inputs.Slice(image * elements, elements));
            accelerator.Reset(image);
            while (!accelerator.IsFinished)
            {
                accelerator.Tick();
                layers?.Observe(accelerator, image);
            }
            FeatureMapAccess.Read(accelerator.Memory, schedule.Output, schedule.Accelerator, output.AsSpan(image * outputElements, outputElements));
            timing = Same(timing, accelerator.Timing(), image);
        }

        return (timing!, new()
        {
            Images = images,
            Output = output,
            Overflows = accelerator.Overflows,
            LayerOutputs = layers?.All ?? [],
        });
    }

    /// <summary>Time does not depend on data: every image takes that of the first.</summary>
    private static TimingResult Same(TimingResult? first, TimingResult timing, int image)
    {
        bool same = first is null
            || (first.Cycles == timing.Cycles && first.Timeline.SequenceEqual(timing.Timeline) && first.Units.SequenceEqual(timing.Units)
                && first.Layers.Zip(timing.Layers).All(pair =>
                    pair.First.Cycles == pair.Second.Cycles && pair.First.Traffic == pair.Second.Traffic && pair.First.Units.SequenceEqual(pair.Second.Units)));
        return same ? first ?? timing : throw new InvalidOperationException($"image {image} took another time than image 0: {timing.Cycles} cycles, not {first!.Cycles}");
    }
}
