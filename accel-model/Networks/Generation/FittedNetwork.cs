// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks.Description;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Networks.Generation;

/// <summary>
/// A drawn network within what a narrow design has room for: biases of the accumulator's width, weights of a codebook's values, and where bit-serial elements take a code whole, an input of their width. What a network means does not
/// matter here.
/// </summary>
public static class FittedNetwork
{
    /// <summary>A network in formats that a design runs (<see cref="NetworkFormats.For"/>), within what it has room for.</summary>
    /// <param name="description">What it computes.</param>
    /// <param name="spec">The design.</param>
    /// <param name="seed">Of its weights and biases.</param>
    /// <exception cref="ArgumentException">No network has such formats (<see cref="NetworkGenerator.Problems"/>), or its shapes do not fit.</exception>
    public static IntegerNetwork Generate(NetworkDescription description, AcceleratorSpec spec, ulong seed) => Of(NetworkGenerator.Generate(description, NetworkFormats.For(spec), seed), spec);

    /// <summary>The network with narrower numbers; the same where the design has room for them.</summary>
    public static IntegerNetwork Of(IntegerNetwork network, AcceleratorSpec spec)
    {
        ArraySpec array = spec.Array;
        FixedPointFormat input = network.Input.Format;
        return network with
        {
            Input = array.ProcessingElement == ProcessingElementKind.BitSerial && input.Width > array.ActivationWidth
                ? network.Input with { Format = input with { Width = array.ActivationWidth } }
                : network.Input,
            Layers =
            [
                .. network.Layers.Select(layer => layer switch
                {
                    Conv2dLayer convolution => convolution with { Weights = Weights(convolution.Weights), Requantization = Narrow(convolution.Requantization) },
                    DenseLayer dense => dense with { Weights = Weights(dense.Weights), Requantization = Narrow(dense.Requantization) },
                    MatmulLayer matmul => matmul with { Requantization = Narrow(matmul.Requantization) },
                    _ => layer,
                }),
            ],
        };

        IntegerTensor Weights(IntegerTensor weights) => array.ProcessingElement != ProcessingElementKind.Codebook ? weights
            : new(weights.Shape, [.. weights.Values.Select(value => (int)Math.Clamp(value, TwosComplement.Min(array.CodebookValueWidth), TwosComplement.Max(array.CodebookValueWidth)))]);

        Requantization Narrow(Requantization requantization) => requantization with
        {
            Bias = [.. requantization.Bias.Select(bias => Math.Clamp(bias, TwosComplement.Min(spec.Accumulator.Width), TwosComplement.Max(spec.Accumulator.Width)))],
        };
    }
}
