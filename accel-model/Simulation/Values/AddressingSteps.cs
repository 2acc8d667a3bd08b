// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;

namespace AccelModel.Simulation.Values;

/// <summary>Codes that are moved or looked up, pixel by pixel.</summary>
internal abstract unsafe class PixelStep(TensorSpec output, CodeSet codes) : LayerStep
{
    public override CodeSet Codes => codes;

    public override Runner ForThread(int images) => new ThreadRunner(this, output);

    /// <summary>Makes one pixel, whose index counts through all images.</summary>
    protected abstract void Pixel(int** inputs, nint pixel, int* destination);

    private sealed class ThreadRunner(PixelStep owner, TensorSpec output) : Runner
    {
        public override void Run(StepImages images)
        {
            for (nint pixel = 0; pixel < (nint)images.Count * output.Pixels; pixel++)
            {
                owner.Pixel(images.Inputs, pixel, images.Output + (pixel * output.Channels));
            }
        }
    }
}

/// <summary>The channels of every input.</summary>
internal sealed unsafe class ConcatStep(TensorSpec output, TensorSpec[] inputs, CodeSet codes) : PixelStep(output, codes)
{
    protected override void Pixel(int** sources, nint pixel, int* destination)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            int channels = inputs[i].Channels;
            new ReadOnlySpan<int>(sources[i] + (pixel * channels), channels).CopyTo(new Span<int>(destination, channels));
            destination += channels;
        }
    }
}

/// <summary>The transposed channels.</summary>
internal sealed unsafe class ShuffleStep(ChannelShuffleLayer layer, CodeSet codes) : PixelStep(layer.Output, codes)
{
    protected override void Pixel(int** sources, nint pixel, int* destination)
    {
        int ofGroup = layer.Output.Channels / layer.Groups;
        int* source = sources[0] + (pixel * layer.Output.Channels);
        for (int group = 0; group < layer.Groups; group++)
        {
            for (int i = 0; i < ofGroup; i++)
            {
                destination[(i * layer.Groups) + group] = *source++;
            }
        }
    }
}

/// <summary>The table's entry of each code.</summary>
internal sealed unsafe class LookupStep : PixelStep
{
    private readonly int channels;
    private readonly int least;
    private readonly int[] table;

    public LookupStep(LookupLayer layer, TensorSpec input, CodeSet codes)
        : base(layer.Output, CodesOf(layer, input, codes))
    {
        channels = layer.Output.Channels;
        least = (int)input.Format.MinRaw;
        table = [.. layer.Table];
    }

    protected override void Pixel(int** sources, nint pixel, int* destination)
    {
        int* source = sources[0] + (pixel * channels);
        for (int c = 0; c < channels; c++)
        {
            destination[c] = table[source[c] - least];
        }
    }

    /// <summary>The entries that codes can reach.</summary>
    private static CodeSet CodesOf(LookupLayer layer, TensorSpec input, CodeSet codes) =>
        CodeSet.Of(layer.Table.AsSpan()[(int)(codes.Low - input.Format.MinRaw)..(int)(codes.High - input.Format.MinRaw + 1)]);
}
