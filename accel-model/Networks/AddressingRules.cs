// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>Layers that only say where codes are: no code changes, so formats stay.</summary>
internal static class AddressingRules
{
    public static IEnumerable<Finding> Flatten(string path, Layer layer, TensorSpec input) =>
        [.. ShapeRules.Output(path, layer.Output, 1, 1, input.Elements), .. ShapeRules.SameFormat(path, layer, input)];

    public static IEnumerable<Finding> Concat(string path, ConcatLayer layer, ImmutableArray<TensorSpec> inputs)
    {
        if (inputs.Length < 2)
        {
            yield return new Finding($"{path}.other_inputs", "empty, allowed at least one tensor");
        }
        bool fit = true;
        for (int i = 1; i < inputs.Length; i++)
        {
            if (inputs[i].Height != inputs[0].Height || inputs[i].Width != inputs[0].Width)
            {
                fit = false;
                yield return new Finding(
                    $"{path}.other_inputs[{i - 1}]", $"not as high and wide as the first tensor, found {inputs[i].Height} x {inputs[i].Width}, allowed {inputs[0].Height} x {inputs[0].Width}");
            }
            if (inputs[i].Format != inputs[0].Format)
            {
                yield return new Finding($"{path}.other_inputs[{i - 1}]", $"not of the first tensor's format, found {inputs[i].Format}, allowed {inputs[0].Format}");
            }
        }
        IEnumerable<Finding> rest =
        [
            .. fit ? ShapeRules.Output(path, layer.Output, inputs[0].Height, inputs[0].Width, inputs.Sum(input => (long)input.Channels)) : [],
            .. ShapeRules.SameFormat(path, layer, inputs[0]),
        ];
        foreach (Finding finding in rest)
        {
            yield return finding;
        }
    }

    public static IEnumerable<Finding> ChannelShuffle(string path, ChannelShuffleLayer layer, TensorSpec input)
    {
        if (layer.Groups < 1 || input.Channels % layer.Groups != 0)
        {
            yield return new Finding($"{path}.groups", $"does not divide the channels, found {layer.Groups}, allowed divisors of {input.Channels}");
        }
        foreach (Finding finding in ShapeRules.SameShape(path, layer, input).Concat(ShapeRules.SameFormat(path, layer, input)))
        {
            yield return finding;
        }
    }
}
