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
        int images = Images(inputs.Length, elements);
        options = (options ?? RegisterAccurateOptions.Default) with { Frames = 1 };
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

    /// <summary>Runs images as the frames of one run: the next one's loads start while the last one's work ends.</summary>
    /// <param name="schedule">Programs and memory.</param>
    /// <param name="inputs">Input codes of one or more frames, frame after frame, each in rows, columns, channels order.</param>
    /// <param name="options">What else is wanted; its frames are not looked at.</param>
    /// <returns>Times and counters of the whole run; the codes of each frame.</returns>
    /// <exception cref="ArgumentException">The codes are not whole images, at least one, or a code is outside the input's format.</exception>
    /// <exception cref="InvalidScheduleException">The programs deadlock or cannot run again, or an instruction's fields are outside what the design has.</exception>
    /// <exception cref="InvalidOperationException">An access is outside its memory.</exception>
    public static (TimingResult Timing, ValueResult Values) RunFrames(Schedule schedule, ReadOnlySpan<int> inputs, RegisterAccurateOptions? options = null)
    {
        int elements = schedule.Input.Tensor.Elements;
        int frames = Images(inputs.Length, elements);
        options = (options ?? RegisterAccurateOptions.Default) with { Frames = frames };
        var accelerator = new Accelerator(schedule, options);
        for (int frame = 0; frame < frames; frame++)
        {
            FeatureMapAccess.Write(accelerator.Memory, schedule.Input.InFrame(frame, schedule), schedule.Accelerator, inputs.Slice(frame * elements, elements));
        }

        LayerOutputs? layers = options.KeepLayerOutputs ? new(schedule, frames) : null;
        while (!accelerator.IsFinished)
        {
            accelerator.Tick();
            layers?.Observe(accelerator, 0);
        }

        int outputElements = schedule.Output.Tensor.Elements;
        int[] output = new int[frames * outputElements];
        for (int frame = 0; frame < frames; frame++)
        {
            FeatureMapAccess.Read(accelerator.Memory, schedule.Output.InFrame(frame, schedule), schedule.Accelerator, output.AsSpan(frame * outputElements, outputElements));
        }

        return (accelerator.Timing(), new() { Images = frames, Output = output, Overflows = accelerator.Overflows, LayerOutputs = layers?.All ?? [] });
    }

    private static int Images(int codes, int elements) => codes > 0 && codes % elements == 0
        ? codes / elements
        : throw new ArgumentException($"{codes} codes are not one or more images of {elements}", nameof(codes));

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
