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
    /// The network is not well-formed, the input has the wrong length or a code outside its format, the codes of a layer for all images are more than
    /// an array holds, a plan is not one of its layer or of a layer that takes none, or a stochastic layer has none.
    /// </exception>
    public static InterpreterResult Run(
        IntegerNetwork network, int[] input, int images, IReadOnlyDictionary<int, AccumulationPlan>? plans = null)
    {
        NetworkValidator.ThrowIfInvalid(network);
        CheckInput(network.Input, input, images);
        CheckSizes(network, images);
        LayerRun[] layers = [.. network.Layers.Select((_, index) => LayerRun.Of(network, index, plans?.GetValueOrDefault(index), images))];

        for (int image = 0; image < images; image++)
        {
            Dictionary<string, int[]> tensors = new()
            {
                [IntegerNetwork.InputName] = input[(image * network.Input.Elements)..((image + 1) * network.Input.Elements)],
            };
            foreach (LayerRun layer in layers)
            {
                int[] codes = layer.Run(image, [.. layer.Layer.Inputs.Select(name => tensors[name])]);
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

    private static void CheckSizes(IntegerNetwork network, int images)
    {
        foreach (Layer layer in network.Layers)
        {
            if ((long)images * layer.Output.Elements > Array.MaxLength)
            {
                throw new ArgumentException($"{images} images make {(long)images * layer.Output.Elements} codes of layer '{layer.Name}', more than {Array.MaxLength}", nameof(images));
            }
        }
    }
}
