// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>A layer that makes one code of each position of its (first) tensor.</summary>
internal abstract class ElementwiseRun(Layer layer, int images) : LayerRun(layer, images)
{
    public override int[] Run(int image, int[][] inputs)
    {
        int[] result = new int[Layer.Output.Elements];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Code(inputs, i, i % Layer.Output.Channels);
        }
        return result;
    }

    /// <summary>The code at flat index <paramref name="i"/>, which lies in channel <paramref name="channel"/>.</summary>
    protected abstract int Code(int[][] inputs, int i, int channel);
}

/// <summary>The sum of two terms of one scale.</summary>
internal sealed class AddRun(AddLayer add, int images) : ElementwiseRun(add, images)
{
    protected override int Code(int[][] inputs, int i, int channel)
    {
        long first = Term(add.First, inputs[0][i], channel);
        long second = Term(add.Second, inputs[1][i], channel);
        return add.Requantization.Apply(first + second, channel);
    }

    private int Term(Requantization scale, int code, int channel) => scale.ApplyTo((code + scale.Bias[0]) << add.LeftShift, channel);
}

/// <summary>The product; a second tensor of one pixel serves all pixels.</summary>
internal sealed class MultiplyRun(MultiplyLayer multiply, int images) : ElementwiseRun(multiply, images)
{
    protected override int Code(int[][] inputs, int i, int channel)
    {
        bool samePixels = inputs[1].Length == inputs[0].Length;
        long first = (long)inputs[0][i] + multiply.FirstOffset;
        long second = (long)inputs[1][samePixels ? i : channel] + multiply.SecondOffset;
        return multiply.Requantization.Apply(first * second, channel);
    }
}

/// <summary>Each code in the place of an accumulator.</summary>
internal sealed class RequantizeRun(RequantizeLayer requantize, int images) : ElementwiseRun(requantize, images)
{
    protected override int Code(int[][] inputs, int i, int channel) => requantize.Requantization.Apply(inputs[0][i], channel);
}

/// <summary>The table's entry of each code.</summary>
internal sealed class LookupRun(LookupLayer lookup, TensorSpec input, int images) : ElementwiseRun(lookup, images)
{
    protected override int Code(int[][] inputs, int i, int channel) => lookup.Table[(int)(inputs[0][i] - input.Format.MinRaw)];
}
