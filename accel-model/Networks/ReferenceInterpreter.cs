// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace AccelModel.Networks;

/// <summary>
/// The meaning of an <see cref="IntegerNetwork"/>, in the plainest possible loops. Every engine must agree with it on every code
/// and every overflow; it is never optimised.
/// </summary>
public static class ReferenceInterpreter
{
    /// <summary>
    /// Runs a batch. A matrix layer without a plan accumulates exactly; with one, in the plan's order and widths, counting overflows.
    /// </summary>
    /// <param name="network">A well-formed network.</param>
    /// <param name="input">Codes, image after image, each in rows, columns, channels order.</param>
    /// <param name="images">Images in <paramref name="input"/>.</param>
    /// <param name="plans">Plans by index in <see cref="IntegerNetwork.Layers"/>; a layer that rounds stochastically needs one.</param>
    /// <exception cref="ArgumentException">
    /// The network is not well-formed, the input has the wrong length or a code outside its format, a plan is not one of its layer, or a
    /// stochastic layer has none.
    /// </exception>
    public static InterpreterResult Run(
        IntegerNetwork network, int[] input, int images, IReadOnlyDictionary<int, AccumulationPlan>? plans = null)
    {
        NetworkValidator.ThrowIfInvalid(network);
        CheckInput(network.Input, input, images);
        LayerRun[] layers = [.. network.Layers.Select((_, index) => LayerRun.Of(network, index, plans?.GetValueOrDefault(index), images))];

        for (int image = 0; image < images; image++)
        {
            Dictionary<string, int[]> tensors = new()
            {
                [IntegerNetwork.InputName] = input[(image * network.Input.Elements)..((image + 1) * network.Input.Elements)],
            };
            foreach (LayerRun layer in layers)
            {
                int[] codes = layer.Run(image, tensors[layer.Layer.Input]);
                codes.CopyTo(layer.Outputs, image * codes.Length);
                tensors.Add(layer.Layer.Name, codes);
            }
        }

        return new InterpreterResult
        {
            Images = images,
            LayerOutputs = [.. layers.Select(layer => layer.Outputs)],
            Overflows = [.. layers.Select(layer => layer.Overflows)],
        };
    }

    private static void CheckInput(TensorSpec tensor, int[] input, int images)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        if (input.LongLength != (long)images * tensor.Elements)
        {
            throw new ArgumentException($"{images} images of {tensor.Elements} codes are {(long)images * tensor.Elements} codes, not {input.Length}", nameof(input));
        }
        int outside = Array.FindIndex(input, code => !tensor.Format.Contains(code));
        if (outside >= 0)
        {
            throw new ArgumentException($"code {input[outside]} at index {outside} is outside {tensor.Format}", nameof(input));
        }
    }
}

/// <summary>One layer, over all images.</summary>
internal abstract class LayerRun(Layer layer, int images)
{
    public Layer Layer { get; } = layer;

    public int[] Outputs { get; } = new int[images * layer.Output.Elements];

    public virtual LayerOverflows Overflows => LayerOverflows.None;

    /// <summary>The layer's codes for one image.</summary>
    public abstract int[] Run(int image, int[] input);

    public static LayerRun Of(IntegerNetwork network, int index, AccumulationPlan? plan, int images)
    {
        Layer layer = network.Layers[index];
        TensorSpec input = network.InputOf(index);
        return layer switch
        {
            Conv2dLayer convolution => new MatrixRun(layer, convolution.Requantization, input, plan, images),
            DenseLayer dense => new MatrixRun(layer, dense.Requantization, input, plan, images),
            MaxPoolLayer pool => new MaxPoolRun(pool, input, images),
            FlattenLayer => new FlattenRun(layer, images),
            _ => throw new ArgumentException($"layer '{layer.Name}' is of the unknown kind {layer.Kind}", nameof(network)),
        };
    }
}

/// <summary>The maximum of each window.</summary>
internal sealed class MaxPoolRun(MaxPoolLayer pool, TensorSpec input, int images) : LayerRun(pool, images)
{
    public override int[] Run(int image, int[] codes)
    {
        TensorSpec output = pool.Output;
        int[] result = new int[output.Elements];
        for (int y = 0; y < output.Height; y++)
        {
            for (int x = 0; x < output.Width; x++)
            {
                for (int c = 0; c < output.Channels; c++)
                {
                    int maximum = int.MinValue;
                    for (int p = 0; p < pool.Window.Rows; p++)
                    {
                        for (int q = 0; q < pool.Window.Columns; q++)
                        {
                            int row = (y * pool.Stride.Rows) + p;
                            int column = (x * pool.Stride.Columns) + q;
                            maximum = Math.Max(maximum, codes[(((row * input.Width) + column) * input.Channels) + c]);
                        }
                    }
                    result[(((y * output.Width) + x) * output.Channels) + c] = maximum;
                }
            }
        }
        return result;
    }
}

/// <summary>The same codes.</summary>
internal sealed class FlattenRun(Layer layer, int images) : LayerRun(layer, images)
{
    public override int[] Run(int image, int[] input) => [.. input];
}
