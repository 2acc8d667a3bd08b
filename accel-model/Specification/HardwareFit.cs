// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>
/// Whether a design can run a network: kinds of layers, chaining, operand and element widths, requantisation. Overflow is no misfit (it is
/// counted), nor is a buffer that is too small for a layer (the scheduler's finding).
/// </summary>
public static class HardwareFit
{
    /// <summary>
    /// Everything of a well-formed network that the design cannot run; paths are those of the network's file, messages name the layer
    /// and say what is allowed.
    /// </summary>
    public static ImmutableArray<Finding> Check(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        List<Finding> findings = [.. Element("input", "the input", network.Input, accelerator)];
        if (!network.Layers.Any(layer => layer is Conv2dLayer or DenseLayer))
        {
            findings.Add(new Finding("layers", "nothing for the array to do, found no conv2d or dense layer, allowed at least one"));
        }
        for (int i = 0; i < network.Layers.Length; i++)
        {
            Layer layer = network.Layers[i];
            string path = $"layers[{i}]";
            string name = $"layer '{layer.Name}'";
            string previous = i == 0 ? IntegerNetwork.InputName : network.Layers[i - 1].Name;
            if (layer.Input != previous)
            {
                findings.Add(new Finding($"{path}.input", $"{name} is not next in a chain, found '{layer.Input}', allowed '{previous}'"));
            }
            findings.AddRange(Element($"{path}.output", name, layer.Output, accelerator));
            TensorSpec input = network.InputOf(i);
            findings.AddRange(layer switch
            {
                Conv2dLayer convolution => Convolution(path, name, convolution, input, accelerator),
                DenseLayer dense => Matrix(path, name, dense.WeightFormat, dense.Requantization, input, accelerator),
                MaxPoolLayer pool => MaxPool(path, name, pool, i == 0 ? null : network.Layers[i - 1]),
                FlattenLayer => [],
                _ => [new Finding($"{path}.kind", $"{name} has a kind that the accelerator lacks, found '{layer.Kind}', allowed conv2d, dense, max_pool, flatten")],
            });
        }
        return [.. findings];
    }

    private static IEnumerable<Finding> Element(string path, string name, TensorSpec tensor, AcceleratorSpec accelerator)
    {
        int width = accelerator.Requantizer.ElementWidth;
        if (tensor.Format.Width > width)
        {
            yield return new Finding($"{path}.format", $"{name} has codes wider than a stored element, found {tensor.Format}, allowed up to {width} bits (requantizer.element_width)");
        }
    }

    private static IEnumerable<Finding> Convolution(string path, string name, Conv2dLayer layer, TensorSpec input, AcceleratorSpec accelerator)
    {
        if (layer.Groups != 1)
        {
            yield return new Finding($"{path}.groups", $"{name} has groups of channels, found {layer.Groups}, allowed 1");
        }
        foreach (Finding finding in Matrix(path, name, layer.WeightFormat, layer.Requantization, input, accelerator))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> Matrix(
        string path, string name, FixedPointFormat weights, Requantization requantization, TensorSpec input, AcceleratorSpec accelerator)
    {
        ArraySpec array = accelerator.Array;
        if (input.Format.Signed && !array.ActivationSigned)
        {
            yield return new Finding($"{path}.input", $"{name} reads signed codes, found {input.Format}, allowed unsigned ones (array.activation_signed is false)");
        }
        else if (input.Format.Signed && input.Format.Width > array.ActivationWidth)
        {
            yield return new Finding(
                $"{path}.input", $"{name} reads signed codes too wide for one operand, found {input.Format}, allowed up to {array.ActivationWidth} bits (array.activation_width)");
        }
        int weightWidth = weights.Signed ? weights.Width : weights.Width + 1;
        if (weightWidth > array.WeightWidth)
        {
            yield return new Finding(
                $"{path}.weight_format", $"{name} has weights too wide for one operand, found {weights}, allowed up to {array.WeightWidth} bits in two's complement (array.weight_width)");
        }
        foreach (Finding finding in RequantizationFit.Check($"{path}.requantization", name, requantization, accelerator))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> MaxPool(string path, string name, MaxPoolLayer pool, Layer? previous)
    {
        Requantization? requantization = (previous as Conv2dLayer)?.Requantization ?? (previous as DenseLayer)?.Requantization;
        if (requantization is null)
        {
            yield return new Finding(
                $"{path}.input", $"{name} pools what no array made, found it after {(previous is null ? "the input" : previous.Kind)}, allowed directly after conv2d or dense");
        }
        else if (requantization.IsStochastic && (pool.Window.Rows > pool.Stride.Rows || pool.Window.Columns > pool.Stride.Columns))
        {
            yield return new Finding(
                $"{path}.stride",
                $"{name} has overlapping windows, in which a word would be rounded twice with different random bits, found a stride of [{pool.Stride.Rows}, {pool.Stride.Columns}], "
                + $"allowed at least the window [{pool.Window.Rows}, {pool.Window.Columns}] where rounding is {EnumNames.Of(RoundingMode.Stochastic)}");
        }
    }
}
