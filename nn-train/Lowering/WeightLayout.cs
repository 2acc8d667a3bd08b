// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using NnTrain.Specification;

namespace NnTrain.Lowering;

/// <summary>
/// From the order of training (channel before row and column) to that of the integer network (channel last).
/// </summary>
internal static class WeightLayout
{
    /// <summary>Output channel, input channel, row, column to output channel, row, column, input channel.</summary>
    public static IntegerTensor Convolution(int[] codes, int outputs, int inputs, int kernel) => new(
        [outputs, kernel, kernel, inputs],
        [.. ChannelLast(codes, outputs, new FeatureShape(kernel, kernel, inputs))]);

    /// <summary>The inputs of a dense layer in the order in which a feature map of that shape is stored.</summary>
    public static IntegerTensor Dense(int[] codes, int outputs, FeatureShape input) => new(
        [outputs, input.Elements],
        [.. ChannelLast(codes, outputs, input)]);

    private static int[] ChannelLast(int[] codes, int outputs, FeatureShape shape)
    {
        int[] result = new int[codes.Length];
        int next = 0;
        for (int o = 0; o < outputs; o++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                for (int x = 0; x < shape.Width; x++)
                {
                    for (int c = 0; c < shape.Channels; c++)
                    {
                        result[next++] = codes[(((((o * shape.Channels) + c) * shape.Height) + y) * shape.Width) + x];
                    }
                }
            }
        }
        return result;
    }
}
