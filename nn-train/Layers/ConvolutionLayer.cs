// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>Square convolution; outside the image is code 0, whatever the grid.</summary>
public sealed class ConvolutionLayer(ConvolutionSpec spec, int inputChannels, MatrixLayerOptions options)
    : MatrixLayer(spec.Name, [spec.Channels, inputChannels, spec.Kernel, spec.Kernel], options)
{
    /// <inheritdoc/>
    protected override Tensor Product(Tensor input, Tensor weights, Tensor? addend) =>
        nn.functional.conv2d(input, weights, addend, [spec.Stride, spec.Stride], [spec.Padding, spec.Padding]);

    /// <inheritdoc/>
    public override Tensor Patches(Tensor input)
    {
        int elements = inputChannels * spec.Kernel * spec.Kernel;
        float[] identity = new float[elements * elements];
        for (int i = 0; i < elements; i++)
        {
            identity[(i * elements) + i] = 1;
        }

        Tensor patches = Product(input, tensor(identity, [elements, inputChannels, spec.Kernel, spec.Kernel]), null);
        return patches.permute(0, 2, 3, 1).reshape(-1, elements);
    }

    /// <inheritdoc/>
    protected override Tensor OverChannels(Tensor perChannel) => perChannel.reshape(1, -1, 1, 1);
}
