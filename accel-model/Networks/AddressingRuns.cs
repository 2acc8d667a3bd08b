// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>The same codes in the same order.</summary>
internal sealed class FlattenRun(Layer layer, int images) : LayerRun(layer, images)
{
    public override int[] Run(int image, int[][] inputs) => [.. inputs[0]];
}

/// <summary>Pixel by pixel the channels of every input.</summary>
internal sealed class ConcatRun(Layer layer, int images) : LayerRun(layer, images)
{
    public override int[] Run(int image, int[][] inputs)
    {
        List<int> result = [];
        for (int pixel = 0; pixel < Layer.Output.Pixels; pixel++)
        {
            foreach (int[] input in inputs)
            {
                int channels = input.Length / Layer.Output.Pixels;
                for (int c = 0; c < channels; c++)
                {
                    result.Add(input[(pixel * channels) + c]);
                }
            }
        }
        return [.. result];
    }
}

/// <summary>Pixel by pixel the transposed channels.</summary>
internal sealed class ChannelShuffleRun(ChannelShuffleLayer shuffle, int images) : LayerRun(shuffle, images)
{
    public override int[] Run(int image, int[][] inputs)
    {
        int channels = shuffle.Output.Channels;
        int ofGroup = channels / shuffle.Groups;
        int[] result = new int[inputs[0].Length];
        for (int pixel = 0; pixel < shuffle.Output.Pixels; pixel++)
        {
            for (int g = 0; g < shuffle.Groups; g++)
            {
                for (int j = 0; j < ofGroup; j++)
                {
                    result[(pixel * channels) + (j * shuffle.Groups) + g] = inputs[0][(pixel * channels) + (g * ofGroup) + j];
                }
            }
        }
        return result;
    }
}
