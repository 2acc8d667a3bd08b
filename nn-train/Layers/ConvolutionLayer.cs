// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>Square convolution; outside the image is code 0, whatever the grid, or -1 where the recipe pads signs with it.</summary>
public sealed class ConvolutionLayer(ConvolutionSpec spec, int inputChannels, MatrixLayerOptions options)
    : MatrixLayer(spec.Name, [spec.Channels, spec.InputsOfOutput(inputChannels), spec.Kernel, spec.Kernel], options)
{
    /// <inheritdoc/>
    protected override Tensor Product(Tensor input, Tensor weights, Tensor? addend) =>
        Product(input, weights, addend, spec.Groups ?? 1);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Outputs of several groups are multiplied with different inputs.</exception>
    public override Tensor Patches(Tensor input)
    {
        if (spec.Groups is not null)
        {
            throw new NotSupportedException($"layer '{GetName()}' has groups, whose outputs read different inputs");
        }

        int elements = inputChannels * spec.Kernel * spec.Kernel;
        float[] identity = new float[elements * elements];
        for (int i = 0; i < elements; i++)
        {
            identity[(i * elements) + i] = 1;
        }

        Tensor patches = Product(input, tensor(identity, [elements, inputChannels, spec.Kernel, spec.Kernel]), null, groups: 1);
        return patches.permute(0, 2, 3, 1).reshape(-1, elements);
    }

    /// <inheritdoc/>
    protected override Tensor OverChannels(Tensor perChannel) => perChannel.reshape(1, -1, 1, 1);

    private Tensor Product(Tensor input, Tensor weights, Tensor? addend, int groups)
    {
        bool pads = Quantized && PaddingCode != 0 && spec.Padding > 0;

        // Signs have the step 1: the code is the value.
        Tensor framed = pads ? nn.functional.pad(input, [spec.Padding, spec.Padding, spec.Padding, spec.Padding], PaddingModes.Constant, PaddingCode) : input;
        int padding = pads ? 0 : spec.Padding;
        return nn.functional.conv2d(framed, weights, addend, [spec.Stride, spec.Stride], [padding, padding], groups: groups);
    }
}
